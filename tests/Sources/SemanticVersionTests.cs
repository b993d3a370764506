using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public class SemanticVersionTests
{
    [Theory]
    [InlineData("28.0.2", "28.0.2")]
    [InlineData("v3.4", "3.4.0")]
    [InlineData("2025", "2025.0.0")]
    [InlineData("29.0.0.0rc1", "29.0.0.0rc1")]
    [InlineData("1.3.0a1", "1.3.0.0a1")]
    [InlineData("1.2a1", "1.2.0.0a1")]
    [InlineData("2014.1.b2", "2014.1.0.0b2")]
    [InlineData("0.10.1.3.g83bef74", "0.10.1.dev3")]
    [InlineData("1.2.0.dev4", "1.2.0.dev4")]
    [InlineData("1.2.0.0rc2.dev7", "1.2.0.0rc2.dev7")]
    [InlineData("2.9.0.post1", "2.9.1.dev1")]
    public void FormsOfPbrAreRead(string text, string expected) =>
        Assert.Equal(expected, SemanticVersion.TryParse(text)?.ToString());

    [Theory]
    [InlineData("2023.1.eol")]
    [InlineData("havana")]
    [InlineData("1a2")]
    [InlineData("1.2.3.0")]
    [InlineData("1.0.")]
    [InlineData("1.2.3.rc")]
    [InlineData("")]
    public void OtherNamesAreNoVersions(string text) => Assert.Null(SemanticVersion.TryParse(text));

    [Fact]
    public void OrderIsDevelopmentThenPreReleaseThenRelease()
    {
        string[] ordered =
        [
            "9.0.0", "27.0.2", "28.0.0.dev9", "28.0.0.dev10", "28.0.0.0a1", "28.0.0.0b1.dev2", "28.0.0.0b1",
            "28.0.0.0b2", "28.0.0.0b10", "28.0.0.0rc1.dev3", "28.0.0.0rc1.dev20", "28.0.0.0rc1", "28.0.0.0rc2.dev1",
            "28.0.0.0rc2", "28.0.0.0rc10", "28.0.0", "28.0.1.dev1", "28.0.1", "28.0.10", "28.1.0",
        ];
        Assert.Equal(ordered, ordered.Reverse().OrderBy(SemanticVersion.TryParse));
    }

    [Theory]
    [InlineData("28.0.2", "28.0.2")]
    [InlineData("28.0.0.0rc1", "28.0.0-rc.1")]
    [InlineData("28.0.0.0b3", "28.0.0-b.3")]
    [InlineData("28.0.1.dev6", "28.0.1-0.dev.6")]
    [InlineData("28.0.0.0rc2.dev3", "28.0.0-rc.1.dev.3")]
    public void EveryFormHasOneInSemVer(string text, string expected) =>
        Assert.Equal(expected, SemanticVersion.TryParse(text)!.ToNuGetVersion().ToNormalizedString());

    [Fact]
    public void FinalIsHigherThanTheLastCandidateOfTheSameCommit() =>
        Assert.Equal("28.0.0", ((string[])["28.0.0.0rc2", "28.0.0", "28.0.0.0rc1"]).MaxBy(SemanticVersion.TryParse));

    [Theory]
    [InlineData("14.0.0", false, false, "14.0.1")]
    [InlineData("14.0.3", true, false, "14.1.0")]
    [InlineData("14.2.3", true, true, "15.0.0")]
    [InlineData("29.0.0.0rc1", false, false, "29.0.0.0rc2")]
    [InlineData("29.0.0.0rc1", true, false, "29.1.0")]
    public void NextVersion(string text, bool minor, bool major, string expected) =>
        Assert.Equal(expected, SemanticVersion.TryParse(text)!.Increment(minor, major).ToString());
}
