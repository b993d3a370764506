using OpenStack.Constraints;

namespace OpenStack.Tests.Constraints;

public class PythonVersionTests
{
    /// <summary>The order that PEP 440 gives as an example, and epochs.</summary>
    static readonly string[] s_ordered =
    [
        "1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2",
        "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0", "1.0+abc.5", "1.0+abc.7", "1.0+5",
        "1.0+10", "1.0.post456.dev34", "1.0.post456", "1.0.15", "1.1.dev1", "2.0.0.0rc1", "2.0", "1!0.1",
    ];

    [Fact]
    public void VersionsAreOrdered()
    {
        var versions = s_ordered.Select(PythonVersion.Parse).ToList();
        for (var i = 0; i < versions.Count; i++)
            for (var j = 0; j < versions.Count; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(versions[i].CompareTo(versions[j])));
    }

    [Theory]
    [InlineData("1.0", "1.0.0")]
    [InlineData("1.0", "v1.0")]
    [InlineData("1.0alpha1", "1.0a1")]
    [InlineData("1.0-rc.1", "1.0rc1")]
    [InlineData("1.0c1", "1.0rc1")]
    [InlineData("1.0-1", "1.0.post1")]
    [InlineData("1.0rev3", "1.0.post3")]
    [InlineData("1.0.post", "1.0.post0")]
    [InlineData("1.0.DEV1", "1.0dev1")]
    [InlineData("1.0+Ubuntu-1", "1.0+ubuntu.1")]
    [InlineData("01.02", "1.2")]
    public void SpellingsAreEqual(string a, string b)
    {
        Assert.Equal(PythonVersion.Parse(a), PythonVersion.Parse(b));
        Assert.Equal(PythonVersion.Parse(a).GetHashCode(), PythonVersion.Parse(b).GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.0 ")]
    [InlineData("1.0\n")]
    [InlineData("1..0")]
    [InlineData("1.0+")]
    [InlineData("1.*")]
    [InlineData("99999999999999999999.0")]
    public void OtherTextIsNoVersion(string text) => Assert.Null(PythonVersion.TryParse(text));

    [Theory]
    [InlineData("==1.0", "1.0+p1", true)]
    [InlineData("==1.0+p1", "1.0", false)]
    [InlineData("==1.2.*", "1.2.post1", true)]
    [InlineData("!=1.2.*", "1.20", true)]
    [InlineData("~=1.4.5", "1.4.9", true)]
    [InlineData("~=1.4.5", "1.5.0", false)]
    [InlineData("<3.10", "3.9", true)]
    [InlineData("<1.0", "1.0rc1", false)]
    [InlineData(">1.0", "1.0.post1", false)]
    [InlineData(">1.0", "1.0+p1", false)]
    [InlineData(">=3.10", "3.9", false)]
    [InlineData("===1.0", "1.0.0", false)]
    public void SpecifierAdmits(string specifier, string version, bool admitted)
    {
        var @operator = VersionSpecifier.Operators.First(x => specifier.StartsWith(x, StringComparison.Ordinal));
        Assert.Equal(admitted, new VersionSpecifier(@operator, specifier[@operator.Length..]).Admits(version));
    }
}
