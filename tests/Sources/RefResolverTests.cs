using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class RefResolverTests : IDisposable
{
    /// <summary>Nothing listens on the discard port.</summary>
    const string Unreachable = "http://127.0.0.1:9/keystone";

    static readonly NetworkRetry s_quick = new(3, TimeSpan.FromMilliseconds(10));

    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly string _tagged;
    readonly string _tip;

    public RefResolverTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        _upstream.Commit();
        _upstream.Tag("27.0.0");
        _upstream.Git("branch", "unmaintained/2023.1");
        _tagged = _upstream.Commit();
        _upstream.Tag("28.0.0");
        _upstream.Git("tag", "zed-eol");
        _upstream.Git("branch", "stable/2025.2");
        _tip = _upstream.Commit();
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task TagsArePeeledBranchesListedCommitsTaken()
    {
        var sha = new string('a', 40);
        var refs = (await ResolveAsync("28.0.0", "stable/2025.2", "master", "refs/tags/27.0.0", sha)).Refs;
        Assert.Equal([RefKind.Tag, RefKind.Branch, RefKind.Branch, RefKind.Tag, RefKind.Commit], refs.Select(x => x.Kind));
        Assert.Equal([_tagged, _tagged, _tip, _upstream.Git("rev-parse", "27.0.0^{commit}"), sha], refs.Select(x => x.Commit));
    }

    [Fact]
    public async Task TagWinsOverBranchAndOnlyADifferenceIsNoted()
    {
        _upstream.Git("branch", "28.0.0", "28.0.0^{commit}");
        Assert.Empty((await ResolveAsync("28.0.0")).Notes);
        _upstream.Git("branch", "--force", "28.0.0", "master");
        var resolution = await ResolveAsync("28.0.0", "refs/heads/28.0.0");
        Assert.Equal([_tagged, _tip], resolution.Refs.Select(x => x.Commit));
        Assert.Contains("tag and a branch", Assert.Single(resolution.Notes));
    }

    [Theory]
    [InlineData("28.0.9", "28.0.0")]
    [InlineData("stable/2023.1", "'unmaintained/2023.1'")]
    [InlineData("stable/zed", "'zed-eol'")]
    [InlineData("origin/stable/2025.2", "Write 'stable/2025.2'")]
    [InlineData("stable/2052.2", "'stable/2025.2'")]
    [InlineData("refs/heads/stable/2023.1", "'unmaintained/2023.1'")]
    [InlineData("unmaintained/2025.2", "still maintained; its branch is 'stable/2025.2'")]
    [InlineData("2023.1-eol", "'unmaintained/2023.1'")]
    [InlineData("refs/heads/28.0.0", "Write '28.0.0', which is a tag")]
    [InlineData("refs/tags/stable/2025.2", "Write 'stable/2025.2', which is a branch")]
    [InlineData("refs/tags/zed-eom", "'zed-eol'")]
    [InlineData("mastre", "'master'")]
    [InlineData("0123abc", "full SHA")]
    public async Task MissingRefIsToldWithItsNeighbours(string name, string expected)
    {
        var problem = Assert.Single((await Assert.ThrowsAsync<ProblemException>(() => ResolveAsync(name))).Problems);
        Assert.Contains($"keystone: there is no branch or tag '{name}' at {_upstream.Url}", problem.Found);
        Assert.Contains(expected, problem.Remedy);
        Assert.Equal(("source-refs.yaml", 7), (problem.File, problem.Line));
    }

    [Theory]
    [InlineData("--upload-pack=x")]
    [InlineData("$(x)")]
    [InlineData("a..b")]
    [InlineData("")]
    public async Task NoRefAtAll(string name) =>
        Assert.Contains("is no ref", (await Assert.ThrowsAsync<ProblemException>(() => ResolveAsync(name))).Message);

    [Fact]
    public async Task AllProblemsAreToldTogether() =>
        Assert.Equal(3, (await Assert.ThrowsAsync<ProblemException>(() => ResolveAsync("28.0.9", "master", "nope", "-x"))).Problems.Count);

    [Fact]
    public async Task MirrorAnswersForTagsAndCommitsWithoutTheRemote()
    {
        await new Mirror(_temporary / "mirrors", "keystone", _upstream.Url).EnsureAsync(_tip);
        Directory.Move(_temporary / "upstream", _temporary / "gone");
        var refs = (await ResolveAsync("28.0.0", _tagged[..9])).Refs;
        Assert.Equal([_tagged, _tagged], refs.Select(x => x.Commit));
        Assert.Equal([RefKind.Tag, RefKind.Commit], refs.Select(x => x.Kind));
    }

    [Fact]
    public async Task BranchIsTakenFromTheMirrorWithANoteWhenTheRemoteIsUnreachable()
    {
        await new Mirror(_temporary / "mirrors", "keystone", _upstream.Url).EnsureAsync(_tip);
        var unreachable = new Mirror(_temporary / "mirrors", "keystone", Unreachable).Directory;
        Directory.Move(new Mirror(_temporary / "mirrors", "keystone", _upstream.Url).Directory, unreachable);
        File.WriteAllText(unreachable / "remote", Unreachable);
        var resolution = await new RefResolver(_temporary / "mirrors", s_quick).ResolveAsync([new RefRequest("keystone", Unreachable, "master")]);
        Assert.Equal(_tip, resolution.Refs[0].Commit);
        Assert.Contains("'master' is taken from the mirror", Assert.Single(resolution.Notes));
    }

    [Fact]
    public async Task UnreachableRemoteWithoutMirrorIsOneSentence()
    {
        var remote = Unreachable.Replace("//", "//user:secret@", StringComparison.Ordinal);
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            new RefResolver(_temporary / "mirrors", s_quick).ResolveAsync([new RefRequest("keystone", remote, "master")]));
        Assert.Contains($"keystone: {Unreachable} cannot be reached", e.Message);
        Assert.DoesNotContain("secret", e.Message);
    }

    [Fact]
    public async Task RefsSurviveTheirFile()
    {
        var refs = (await ResolveAsync("28.0.0", "master")).Refs;
        ResolvedRef.WriteAll(_temporary / "refs.json", refs);
        Assert.Equal(refs, ResolvedRef.ReadAll(_temporary / "refs.json"));
        File.WriteAllText(_temporary / "refs.json", "[{\"component\": \"keystone\"}]");
        Assert.Contains("refs.json:", Assert.Throws<ProblemException>(() => ResolvedRef.ReadAll(_temporary / "refs.json")).Message);
    }

    [Fact]
    public async Task TagThatMovedIsAnErrorThatNamesBothCommits()
    {
        Assert.Equal(_tagged, (await ResolveLockedAsync("28.0.0", _tagged)).Refs[0].Commit);
        _upstream.Git("tag", "--force", "-a", "-m", "x", "28.0.0", "master");
        var e = await Assert.ThrowsAsync<ProblemException>(() => ResolveLockedAsync("28.0.0", _tagged));
        await Verifier.Verify(e.Message.Replace(_upstream.Url, "<url>", StringComparison.Ordinal));
        // Another tag than the recorded one, and a branch, are none of the lock's business.
        await ResolveLockedAsync("27.0.0", _tip, recorded: "28.0.0");
        await ResolveLockedAsync("master", _tagged);
    }

    [Fact]
    public async Task MirrorDoesNotHideATagThatMoved()
    {
        await new Mirror(_temporary / "mirrors", "keystone", _upstream.Url).EnsureAsync(_tip);
        _upstream.Git("tag", "--force", "-a", "-m", "x", "28.0.0", "master");
        Assert.Equal(_tagged, (await ResolveAsync("28.0.0")).Refs[0].Commit);
        // What the mirror holds is not what is recorded, and the remote has that.
        Assert.Equal(_tip, (await ResolveLockedAsync("28.0.0", _tip)).Refs[0].Commit);
        // The remote is asked for the branch, and tells of the tag.
        var branch = new RefRequest("keystone", _upstream.Url, "master", "source-refs.yaml", 7);
        var tag = branch with { Ref = "28.0.0", Line = 8, Locked = new LockedRef("keystone", "28.0.0", _tagged, "lock", 3) };
        var problem = Assert.Single((await Assert.ThrowsAsync<ProblemException>(() => new RefResolver(_temporary / "mirrors", s_quick).ResolveAsync([tag, branch]))).Problems);
        Assert.Equal(8, problem.Line);
        Assert.Contains($"is at commit {_tip}, but was at {_tagged} when it was recorded (lock:3)", problem.Found);
    }

    Task<Resolution> ResolveLockedAsync(string name, string commit, string? recorded = null) => new RefResolver(_temporary / "mirrors", s_quick).ResolveAsync([
        new RefRequest("keystone", _upstream.Url, name, "source-refs.yaml", 7, 3) { Locked = new RefLock(new Dictionary<string, LockedRef>
        {
            ["keystone"] = new("keystone", recorded ?? name, commit, "source-refs.lock.yaml", 3),
        }).Find("keystone", name) }]);

    Task<Resolution> ResolveAsync(params string[] names) => new RefResolver(_temporary / "mirrors", s_quick)
        .ResolveAsync([.. names.Select(x => new RefRequest("keystone", _upstream.Url, x, "source-refs.yaml", 7, 3))]);
}
