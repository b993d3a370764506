using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>Upper constraints, images and actions, from small git repositories.</summary>
public sealed class OtherChecksTests : IDisposable
{
    const string OldDigest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    const string NewDigest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    readonly UpstreamReleases _upstream = new();

    public void Dispose() => _upstream.Dispose();

    [Fact]
    public void PinsThatDifferAreListedAndThoseThatAreOverriddenMarked()
    {
        var ours = UpperConstraints.Parse("# a\nrestructuredtext-lint===1.4.0\na===1\nb===1;python_version=='3.9'\n"
            + "b===2;python_version>='3.10'\ngone===1\n", "u");
        var theirs = UpperConstraints.Parse("new===1\nb===3;python_version>='3.10'\nb===1;python_version=='3.9'\n"
            + "a===1\nrestructuredtext_lint===1.4.0\n", "u");
        var changes = ConstraintsCheck.Compare(ours, theirs, ConstraintOverrides.Parse("B===9\n", "o"));
        Assert.Equal(
            [
                new PinChange("b", "1; python_version == \"3.9\" or 2; python_version >= \"3.10\"",
                    "1; python_version == \"3.9\" or 3; python_version >= \"3.10\"", true),
                new PinChange("gone", "1", null, false),
                new PinChange("new", null, "1", false),
            ],
            changes.Select(x => x with { From = x.From?.Replace('\'', '"'), To = x.To?.Replace('\'', '"') }));
        var finding = ConstraintsCheck.Judge("2025.1", "f", "stable/2025.1", new string('a', 40), changes);
        Assert.Equal((FindingState.Outdated, "stable/2025.1 aaaaaaaaaa", "3 pins differ, overridden: b"),
            (finding.State, finding.Newest, finding.Detail));
        Assert.Equal(FindingState.Current, ConstraintsCheck.Judge("2025.1", "f", "b", new string('a', 40), []).State);
    }

    [Fact]
    public async Task UpperConstraintsAreThoseOfTheBranchOrAsOldAsTheyMustBe()
    {
        var requirements = _upstream["requirements"];
        var first = requirements.Commit("One", ("upper-constraints.txt", "a===1\n"));
        var second = requirements.Commit("Two", ("upper-constraints.txt", "a===2\n"));
        requirements.Git("branch", "unmaintained/2025.1");
        var branch = await SeriesBranch.FindAsync(_upstream.Resolver(), "requirements", requirements.Url, "2025.1");
        var mirror = _upstream.MirrorOf("requirements", requirements.Url);
        Assert.Equal((second, "a===2\n"), await UpstreamConstraints.ReadAsync(mirror, branch) is { } x
            ? (x.Commit, x.Text) : default);
        var between = await TagAge.OfCommitAsync(mirror, second) - TimeSpan.FromSeconds(1);
        Assert.Equal((first, "a===1\n"), await UpstreamConstraints.ReadAsync(mirror, branch, between) is { } y
            ? (y.Commit, y.Text) : default);
        Assert.Null(await UpstreamConstraints.ReadAsync(mirror, branch, DateTimeOffset.UnixEpoch.AddYears(20)));
    }

    [Theory]
    [InlineData("ghcr.io/astral-sh/uv:0.9", FindingState.Outdated, "0.12")]
    [InlineData("ghcr.io/astral-sh/uv:0.12", FindingState.Floating, null)]
    [InlineData("ghcr.io/astral-sh/uv:0.9.1", FindingState.Outdated, "0.12.5")]
    [InlineData("ghcr.io/astral-sh/uv:0.12.5@" + OldDigest, FindingState.Outdated, NewDigest)]
    [InlineData("ghcr.io/astral-sh/uv:0.12.5@" + NewDigest, FindingState.Current, null)]
    [InlineData("ubuntu:noble", FindingState.Outdated, NewDigest)]
    [InlineData("ubuntu:jammy", FindingState.Floating, null)]
    [InlineData("localhost:5000/base", FindingState.Unknown, null)]
    public async Task ImagesAreComparedByVersionAndByDigest(string name, FindingState state, string? newest)
    {
        var uv = _upstream["astral-sh/uv"];
        uv.Commit();
        foreach (var tag in (string[])["0.9.0", "0.9.1", "0.12.5", "0.13.0rc1", "0.12", "latest"]) uv.Tag(tag);
        var check = new ImageCheck(_upstream.Resolver(), $"file://{_upstream.Directory}",
            x => Task.FromResult<string?>(x.StartsWith("localhost", StringComparison.Ordinal) ? null : NewDigest),
            new Dictionary<string, string> { ["ubuntu:noble"] = OldDigest });
        var finding = await check.RunAsync(name, "Dockerfile", 3);
        Assert.Equal((state, newest), (finding.State, finding.Newest));
    }

    [Fact]
    public async Task ActionsAreComparedByTagAndByCommit()
    {
        var cache = _upstream["actions/cache"];
        var old = cache.Commit();
        cache.Tag("v4.2.0");
        var @new = cache.Commit();
        cache.Tag("v4.3.1");
        cache.Tag("v4");
        cache.Tag("v5-beta");
        async Task<Finding> CheckAsync(string name, string version, string sha) =>
            await new ActionCheck(_upstream.Resolver(), $"file://{_upstream.Directory}")
                .RunAsync(new PinnedAction(name, version, sha), "actions.yaml");

        Assert.Equal((FindingState.Outdated, "v4.3.1", @new),
            await CheckAsync("actions/cache/restore", "v4.2.0", old) is var x ? (x.State, x.Newest, x.Id) : default);
        Assert.Equal(FindingState.Current, (await CheckAsync("actions/cache", "v4.3.1", @new)).State);
        Assert.Equal(FindingState.Moved, (await CheckAsync("actions/cache", "v4.3.1", old)).State);
        Assert.Equal(FindingState.Outdated, (await CheckAsync("actions/cache", "v4", old)).State);
        Assert.Equal(FindingState.Unknown, (await CheckAsync("actions/cache", "v9.0.0", old)).State);
        Assert.Equal(FindingState.Unknown, (await CheckAsync("actions/cache", "main", old)).State);
        await Assert.ThrowsAsync<ProblemException>(() => CheckAsync("actions/gone", "v1", old));
    }
}
