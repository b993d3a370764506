using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>Refs against the versions of their release, all from small git repositories.</summary>
public sealed class RefCheckTests : IDisposable
{
    readonly UpstreamReleases _upstream = new();

    public RefCheckTests()
    {
        _upstream.Release("epoxy", "horizon", "25.2.0", "25.3.0", "25.3.1", "25.3.2");
        _upstream.Release("flamingo", "horizon", "25.4.0", "25.5.0", "25.5.1.0rc1", "25.5.2");
    }

    public void Dispose() => _upstream.Dispose();

    [Theory]
    [InlineData("2025.1", "25.3.2", FindingState.Current, null, "")]
    [InlineData("2025.1", "25.3.0", FindingState.Outdated, "25.3.2", "2 versions behind")]
    [InlineData("2025.1", "refs/tags/25.3.1", FindingState.Outdated, "25.3.2", "1 version behind")]
    [InlineData("2025.1", "25.5.2", FindingState.Ahead, "25.3.2", "newer than the versions of 2025.1, 25.2.0 … 25.3.2")]
    [InlineData("2025.2", "25.3.2", FindingState.Outdated, "25.5.2", "none of the versions of 2025.2, 25.4.0 … 25.5.2")]
    [InlineData("2025.2", "25.5.1.0rc1", FindingState.Outdated, "25.5.2",
        "none of the versions of 2025.2, 25.4.0 … 25.5.2")]
    public async Task ATagIsComparedWithTheVersionsOfItsOwnRelease(string release, string reference, FindingState state,
        string? newest, string detail)
    {
        var finding = await CheckAsync(release, "horizon", reference);
        Assert.Equal((state, newest, detail), (finding.State, finding.Newest, finding.Detail));
    }

    [Fact]
    public async Task WhatItCouldBeUpdatedToIsListedLowestFirst()
    {
        var finding = await CheckAsync("2025.1", "horizon", "25.2.0");
        Assert.Equal(["25.3.0", "25.3.1", "25.3.2"], finding.Newer);
        Assert.Equal(_upstream["horizon"].Git("rev-parse", "25.3.2^{}"), finding.Id);
    }

    [Fact]
    public async Task AVersionThatTheRemoteLacksIsNotOfferedYet()
    {
        _upstream["horizon"].Git("tag", "-d", "25.3.2");
        Assert.Equal("25.3.1", (await CheckAsync("2025.1", "horizon", "25.3.0")).Newest);
    }

    [Fact]
    public async Task ATagThatIsNotWhereUpstreamReleasedItIsAnError()
    {
        _upstream["horizon"].Commit("Sneak in");
        _upstream["horizon"].Git("tag", "-f", "25.3.2");
        var e = await Assert.ThrowsAsync<ProblemException>(() => CheckAsync("2025.1", "horizon", "25.3.0"));
        Assert.Contains("the tag '25.3.2'", e.Message, StringComparison.Ordinal);
        Assert.Contains("but openstack/releases says", e.Message, StringComparison.Ordinal);
        // A fork tags as it likes.
        Assert.Equal("25.3.2", (await CheckAsync("2025.1", "horizon", "25.3.0", isFork: true)).Newest);
    }

    [Fact]
    public async Task ABranchFloatsAndSaysWhereItIs()
    {
        _upstream["horizon"].Git("branch", "stable/2025.1", "25.3.2");
        var finding = await CheckAsync("2025.1", "horizon", "stable/2025.1");
        Assert.Equal(FindingState.Floating, finding.State);
        Assert.Equal(_upstream["horizon"].Git("rev-parse", "25.3.2^{}"), finding.Id);
    }

    [Fact]
    public async Task ACommitIsBehindTheTagsThatContainIt()
    {
        var horizon = _upstream["horizon"];
        var finding = await CheckAsync("2025.1", "horizon", horizon.Git("rev-parse", "25.3.0^{}"));
        Assert.Equal((FindingState.Outdated, "25.3.2", "it is 25.3.0, 2 versions behind"),
            (finding.State, finding.Newest, finding.Detail));
        Assert.Equal("it is 25.3.2",
            (await CheckAsync("2025.1", "horizon", horizon.Git("rev-parse", "25.3.2^{}"))).Detail);
        horizon.Git("checkout", "-q", "-b", "stable/2025.1", "25.3.2");
        var between = horizon.Commit("Between");
        Assert.Equal((FindingState.Current, "no version of 2025.1 contains it yet"), await StateAsync(between));
        var after = horizon.Commit("Version 25.3.3");
        horizon.Tag("25.3.3");
        var file = _upstream.Directory / "releases/deliverables/epoxy/horizon.yaml";
        File.AppendAllText(file,
            $"  - version: 25.3.3\n    projects:\n      - repo: openstack/horizon\n        hash: {after}\n");
        _upstream.Releases.Commit("Release 25.3.3");
        Assert.Equal((FindingState.Outdated, "25.3.3 contains it"), await StateAsync(between));

        async Task<(FindingState, string)> StateAsync(string commit) =>
            await CheckAsync("2025.1", "horizon", commit) is var x ? (x.State, x.Detail) : default;
    }

    [Fact]
    public async Task OfAComponentThatIsNoDeliverableTheBranchOfTheSeriesCounts()
    {
        var own = _upstream["own-driver"];
        own.Commit();
        own.Tag("1.0.0");
        Assert.Equal((FindingState.Unknown, "no version of 2025.1 is known"),
            await CheckAsync("2025.1", "own-driver", "1.0.0") is var unknown
                ? (unknown.State, unknown.Detail)
                : default);
        own.Git("branch", "unmaintained/2025.1");
        own.Commit();
        own.Tag("2.0.0");
        Assert.Equal(FindingState.Current, (await CheckAsync("2025.1", "own-driver", "1.0.0")).State);
        Assert.Equal((FindingState.Ahead, "1.0.0"),
            await CheckAsync("2025.1", "own-driver", "2.0.0") is var x ? (x.State, x.Newest) : default);
    }

    /// <summary>Of one that is elsewhere and knows no series of OpenStack's, its own series.</summary>
    [Fact]
    public async Task OfWhatFollowsNoSeriesTheThirdNumberMayMove()
    {
        var ovs = _upstream["openvswitch"];
        foreach (var tag in (string[])["v3.5.3", "v3.5.4", "v3.5.10", "v3.5.11rc1", "v3.6.0", "not-a-version"])
        {
            ovs.Commit();
            ovs.Tag(tag);
        }

        async Task<Finding> FindAsync(string reference) => await new RefCheck(_upstream.Resolver(), _upstream.MirrorOf)
            .RunAsync(new RefRequest("openvswitch", ovs.Url, reference), "2025.1", isFork: true, deliverable: null);
        Assert.Equal((FindingState.Outdated, "v3.5.10"),
            await FindAsync("v3.5.3") is var x ? (x.State, x.Newest) : default);
        Assert.Equal(FindingState.Current, (await FindAsync("v3.5.10")).State);
        Assert.Equal(FindingState.Unknown, (await FindAsync("not-a-version")).State);
    }

    [Fact]
    public async Task WhileASeriesHasNoFinalItsCandidatesCount()
    {
        _upstream.Release("hibiscus", "nova", "35.0.0.0b1", "35.0.0.0rc1");
        Assert.Equal("35.0.0.0rc1", (await CheckAsync("2026.2", "nova", "35.0.0.0b1")).Newest);
    }

    [Fact]
    public async Task ARefThatIsGoneSaysWhatBecameOfIt()
    {
        _upstream["horizon"].Git("branch", "unmaintained/2024.1");
        var e = await Assert.ThrowsAsync<ProblemException>(() => CheckAsync("2025.1", "horizon", "stable/2024.1"));
        Assert.Contains("its branch is now 'unmaintained/2024.1'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTakesThePlaceOfABranchIsSaid()
    {
        var horizon = _upstream["horizon"];
        horizon.Git("branch", "unmaintained/2025.1");
        var request = new RefRequest("horizon", horizon.Url, "stable/2025.1")
        {
            Successors = new RefSuccessors(["unmaintained/2025.1"], "2025.1 (Epoxy) is unmaintained"),
        };
        var finding = await new RefCheck(_upstream.Resolver(), _upstream.MirrorOf)
            .RunAsync(request, "2025.1", isFork: false, deliverable: null);
        var head = horizon.Git("rev-parse", "unmaintained/2025.1");
        Assert.Equal((FindingState.Floating, head, "'stable/2025.1' is gone, as 2025.1 (Epoxy) is unmaintained: "
            + $"'unmaintained/2025.1' takes its place, at {head[..10]}"), (finding.State, finding.Id, finding.Detail));
    }

    async Task<Finding> CheckAsync(string release, string component, string reference, bool isFork = false)
    {
        var data = await _upstream.ReadAsync((release, component));
        Assert.Empty(data.Data.Problems);
        return await new RefCheck(_upstream.Resolver(), _upstream.MirrorOf).RunAsync(
            new RefRequest(component, _upstream[component].Url, reference), release, isFork, data[release, component]);
    }
}
