using OpenStack.Signing;

namespace OpenStack.Tests.Signing;

/// <summary>The level is what it is, and the reason is said.</summary>
public sealed class BuildLevelTests
{
    const string Workflow = "https://github.com/c5c3/x/.github/workflows/build-images.yml@refs/heads/main";
    const string GitHub = "https://token.actions.githubusercontent.com";

    [Theory]
    [InlineData(Workflow, Workflow, GitHub, 2, "level 3 rules out")]
    [InlineData(Workflow, "https://github.com/other/x/.github/workflows/a.yml@refs/heads/main", GitHub, 1,
        "is said to have built it")]
    [InlineData(Workflow, Workflow, "https://issuer.example.org", 1, "is not known here")]
    [InlineData(Workflow, null, null, 1, "signed with a key")]
    public void TheLevelIsThatOfWhoHasSigned(string builder, string? identity, string? issuer, int level, string why)
    {
        var trust = identity is null
            ? Trust.Of(new KeyReference("awskms:///key", IsHere: false), null, null)
            : Trust.Of(null, identity, issuer);
        var provenance = new Provenance("keystone", new PublicationTarget("x", [], []),
            new Dictionary<string, string>())
        {
            Platforms = [],
            Builder = new Builder(builder, null),
            BuilderVersion = "",
        };
        var found = BuildLevel.Of([provenance], trust);
        Assert.Equal((level, $"SLSA_BUILD_LEVEL_{level}"), (found.Level, found.Name));
        Assert.Contains(why, found.Reason, StringComparison.Ordinal);
        Assert.Equal(0, BuildLevel.Of([], trust).Level);
    }
}
