using OpenStack.Diagnostics;
using OpenStack.Workflows;

namespace OpenStack.Tests.Workflows;

/// <summary>The list of actions that workflows may use.</summary>
public sealed class ActionPinsTests
{
    const string Sound = "- name: actions/cache/save\n  version: v5.0.5\n  sha: "
        + "27d5ce7f107fe9357f9df03efb73ab90386fccae\n  runtime: node24\n";

    [Fact]
    public void EveryActionOfTheRepositoryRunsOnWhatRunnersHave() =>
        Assert.NotEmpty(ActionPins.Read(RepositoryRoot.Path).All);

    [Theory]
    [InlineData("node24", "node20", "actions/cache/save v5.0.5 runs on node20, which runners do not have any more; "
        + "expected node24 or composite or docker. Take a newer version of it")]
    [InlineData("node24", "node16", "runs on node16, which runners do not have any more")]
    [InlineData("node24", "node12", "runs on node12, which runners do not have any more")]
    [InlineData("node24", "deno2", "actions/cache/save runs on 'deno2'")]
    [InlineData("  runtime: node24\n", "", "the entry is not complete; expected name, version, sha, runtime")]
    [InlineData("27d5ce7f107fe9357f9df03efb73ab90386fccae", "v5", "is pinned to 'v5'")]
    public void OneThatWouldNotRunIsRefused(string good, string bad, string problem)
    {
        Assert.Equal("node24", ActionPins.Parse(Sound).Of("actions/cache/save").Runtime);
        Assert.Contains(problem, Assert.Throws<ProblemException>(() =>
            ActionPins.Parse(Sound.Replace(good, bad, StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }
}
