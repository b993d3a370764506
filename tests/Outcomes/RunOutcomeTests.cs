using OpenStack.Diagnostics;
using OpenStack.Outcomes;

namespace OpenStack.Tests.Outcomes;

public sealed class RunOutcomeTests
{
    static readonly ReleasedComponent s_keystone = new("keystone", "2025.1");
    static readonly ReleasedComponent s_nova = new("nova", "2025.1");
    static readonly ReleasedComponent s_glance = new("glance", "2025.2");
    static readonly ReleasedComponent s_ovn = new("ovn", "2025.2");
    static readonly ReleasedComponent s_library = new("oslo.messaging", "2025.2");

    [Fact]
    public Task WhatHasBecomeOfEachImageReadsAsATable()
    {
        var outcome = OfFive();
        return Verify(string.Join('\n', RunOutcome.TableOf(outcome.Of(isComplete: true)).Lines) + "\n\n"
            + outcome.Summary + "\n");
    }

    [Fact]
    public Task AndAsJson() => Verify(OfFive().ToJson(isComplete: true));

    /// <summary>What was interrupted is neither done nor failed.</summary>
    [Fact]
    public void AnImageOfARunThatDidNotComeToItsEndIsNotFinished()
    {
        var outcome = OfFive();
        Assert.Equal(
            [ImageState.Failed, ImageState.Built, ImageState.Failed, ImageState.Skipped, ImageState.NotFinished],
            outcome.Of(isComplete: false).Select(x => x.State));
        outcome.Signal = "SIGTERM";
        Assert.Contains("\"interruptedBy\": \"SIGTERM\"", outcome.ToJson(isComplete: false), StringComparison.Ordinal);
    }

    /// <summary>Of several platforms one may be up to date; a later target does not take back what failed.</summary>
    [Fact]
    public void WhatIsSaidOfAnImageTwiceCountsTogether()
    {
        var outcome = new RunOutcome();
        outcome.Take(() => [(s_keystone, []), (s_nova, [])]);
        outcome.Take(() => throw new InvalidOperationException("It is known already."));
        outcome.Have(s_keystone, isBuilt: true);
        outcome.Have(s_keystone, isBuilt: false);
        outcome.Have(s_nova, isBuilt: false);
        Assert.Equal([ImageState.Built, ImageState.UpToDate], outcome.Of(isComplete: true).Select(x => x.State));

        outcome.Fail(s_nova, "TestImage", [new Problem("one")]);
        outcome.Fail(s_nova, "TestImage", [new Problem("one"), new Problem("two")]);
        outcome.Fail(s_nova, "Sbom", [new Problem("three")]);
        Assert.Equal("TestImage: one (and 1 more)", outcome.Of(isComplete: true)[1].Reason);
    }

    static RunOutcome OfFive()
    {
        var outcome = new RunOutcome();
        outcome.Take(() => [(s_keystone, []), (s_nova, []), (s_glance, [s_library]), (s_ovn, [])]);
        outcome.Have(s_keystone, isBuilt: true);
        outcome.Fail(s_nova, "Checkout", [new Problem("nova: there is no branch or tag 'stable/2052.1'",
            "releases/2025.1/source-refs.yaml", 7, 7, Remedy: "Did you mean 'stable/2025.1'?")]);
        outcome.Fail(s_library, "BuildLibraries",
            [new Problem("BuildKit failed in [oslo_messaging-2025_2 build 1/1] RUN build: exit code 1\n    error: x")]);
        return outcome;
    }
}
