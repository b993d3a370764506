using OpenStack.Oci;
using Xunit.Abstractions;

namespace OpenStack.Tests.Workflows;

/// <summary>The workflow of images, run in the laboratory for the machine's own platform.</summary>
[Trait("Group", "Long")]
public sealed class ChainTests(ITestOutputHelper output)
{
    [Fact]
    public async Task APushIsPublishedAndAPullRequestIsNot()
    {
        using var chain = new Chain([PlatformName.Native], output.WriteLine);
        var review = await chain.RunAsync(WorkflowEvent.PullRequest(1, chain.Before, chain.After));
        Assert.True(review.Jobs.All(x => x.Outcome != Outcome.Failure), review.Log);
        Assert.Equal(Outcome.Skipped, review.OutcomeOf("publish-bases"));
        Assert.Equal(Outcome.Skipped, review.OutcomeOf("publish-1"));
        using (var registry = Chain.OpenRegistry())
            Assert.Empty(await registry.TagsAsync($"{chain.Owner.ToLowerInvariant()}/keystone"));

        await chain.PushIsPublishedAsync([PlatformName.Native]);
    }
}

/// <summary>The same for two platforms, one of which is emulated: takes many times as long.</summary>
[Trait("Group", "Emulated")]
public sealed class EmulatedChainTests(ITestOutputHelper output)
{
    static readonly string[] s_platforms = ["linux/amd64", "linux/arm64"];

    [Fact]
    public async Task APushIsPublishedForTwoPlatforms()
    {
        using var chain = new Chain(s_platforms, output.WriteLine);
        await chain.PushIsPublishedAsync(s_platforms);
    }
}
