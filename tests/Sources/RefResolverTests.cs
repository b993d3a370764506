using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Processes;
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
        Assert.Equal([RefKind.Tag, RefKind.Branch, RefKind.Branch, RefKind.Tag, RefKind.Commit],
            refs.Select(x => x.Kind));
        Assert.Equal([_tagged, _tagged, _tip, _upstream.Git("rev-parse", "27.0.0^{commit}"), sha],
            refs.Select(x => x.Commit));
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
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task NoRefAtAll(string name) =>
        Assert.Contains("is no ref", (await Assert.ThrowsAsync<ProblemException>(() => ResolveAsync(name))).Message);

    /// <summary>git-check-ref-format.</summary>
    [Theory]
    [InlineData("bug#12")]
    [InlineData("\u00e9t\u00e9/\u65e5\u672c")]
    [InlineData("a\"b'c")]
    [InlineData("$(x)`y`;&|<>(){}!%")]
    [InlineData("_-x@y=z,+")]
    [InlineData("HEAD/x")]
    public async Task WhateverGitAdmitsIsABranchOrATag(string name)
    {
        _upstream.Git("branch", $"{name}-branch", "27.0.0^{commit}");
        _upstream.Git("tag", "-a", "-m", "x", $"{name}-tag", _tagged);
        var refs = (await ResolveAsync($"{name}-branch", $"refs/heads/{name}-branch", $"{name}-tag")).Refs;
        Assert.Equal([RefKind.Branch, RefKind.Branch, RefKind.Tag], refs.Select(x => x.Kind));
        Assert.Equal([_upstream.Git("rev-parse", "27.0.0^{commit}"), refs[0].Commit, _tagged],
            refs.Select(x => x.Commit));
        var locked = new LockedRef("keystone", $"{name}-tag", _tagged);
        var text = new RefLock(new Dictionary<string, LockedRef> { ["keystone"] = locked }).ToText();
        var problems = new List<Problem>();
        Assert.Equal($"{name}-tag", RefLock.Parse(text, "f", problems).Refs["keystone"].Tag);
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("refs/changes/34/901234/2")]
    [InlineData("refs/pull/7/head")]
    public async Task ChangesUnderReviewAreFoundAndFetched(string name)
    {
        var change = _upstream.Commit("change", ("setup.cfg", "[metadata]\nname = keystone\n"));
        _upstream.Git("update-ref", name, change);
        _upstream.Git("reset", "-q", "--hard", "HEAD~1");
        var found = (await ResolveAsync(name)).Refs[0];
        Assert.Equal((RefKind.Change, change), (found.Kind, found.Commit));
        Assert.Null(found.Branch);
        var mirror = new Mirror(_temporary / "mirrors", "keystone", _upstream.Url);
        Assert.Null(await Checkout.WriteAsync(mirror, found.Commit, _temporary / "tree", reference: name));
        Assert.Equal("28.0.1.dev2", SourceTree.Describe(found, mirror.Directory, _temporary / "tree").Version);
        Assert.Contains($"there is no ref '{name}1' at",
            (await Assert.ThrowsAsync<ProblemException>(() => ResolveAsync($"{name}1"))).Message);
        Assert.EndsWith($"Write '{name}'",
            (await Assert.ThrowsAsync<ProblemException>(() => ResolveAsync(name["refs/".Length..]))).Message);
    }

    [Fact]
    public async Task IdOfAnAnnotatedTagIsPeeled()
    {
        var tag = _upstream.Git("rev-parse", "28.0.0");
        Assert.NotEqual(_tagged, tag);
        Assert.Equal(tag, (await ResolveAsync(tag)).Refs[0].Commit);
        var mirror = new Mirror(_temporary / "mirrors", "keystone", _upstream.Url);
        await mirror.EnsureAsync(tag);
        Assert.Equal(_tagged, await mirror.PeelAsync(tag));
        Assert.Equal([_tagged, _tagged], (await ResolveAsync(tag, tag[..12])).Refs.Select(x => x.Commit));
    }

    [Theory]
    [InlineData("tree", "HEAD^{tree}")]
    [InlineData("blob", "HEAD:file")]
    public async Task TagOfSomethingElseIsSaidToBeThat(string type, string what)
    {
        _upstream.Commit("file", ("file", "text\n"));
        _upstream.Git("tag", "-a", "-m", "x", "odd", what);
        var mirror = new Mirror(_temporary / "mirrors", "keystone", _upstream.Url);
        foreach (var name in (string[])["odd", _upstream.Git("rev-parse", what), _upstream.Git("rev-parse", "odd")])
        {
            // What is not known yet is found out by the checkout.
            var e = await Assert.ThrowsAsync<ProblemException>(async () =>
                await mirror.EnsureAsync((await ResolveAsync(name)).Refs[0].Commit));
            Assert.Contains($" is a {type}, not a commit", e.Message);
        }
    }

    [Fact]
    public async Task RepositoryOfSha256IsSaidToBeThat()
    {
        await new Command("git", "init", "-q", "--object-format=sha256", "--initial-branch=master",
            _temporary / "sha256").RequireAsync();
        await new Command("git", "-C", _temporary / "sha256", "-c", "user.name=A", "-c", "user.email=a@example.org",
            "commit", "-q", "--allow-empty", "-m", "x").RequireAsync();
        var url = $"file://{_temporary / "sha256"}";
        var request = new RefRequest("keystone", url, "master");
        var expected = $"keystone: {url} is a repository with object ids of SHA-256, which this build does not read";
        var resolver = new RefResolver(_temporary / "mirrors", s_quick);
        Assert.Contains(expected,
            (await Assert.ThrowsAsync<ProblemException>(() => resolver.ResolveAsync([request]))).Message);
        var id = (await new Command("git", "-C", _temporary / "sha256", "rev-parse", "HEAD").RequireAsync()).Text;
        var mirror = new Mirror(_temporary / "mirrors", "keystone", url);
        Assert.Contains(expected, (await Assert.ThrowsAsync<ProblemException>(() => mirror.EnsureAsync(id))).Message);
        var tree = request with { LocalTree = _temporary / "sha256" };
        Assert.Contains("SHA-256",
            (await Assert.ThrowsAsync<ProblemException>(() => resolver.ResolveAsync([tree]))).Message);
    }

    [Fact]
    public async Task AllProblemsAreToldTogether() =>
        Assert.Equal(3, (await Assert.ThrowsAsync<ProblemException>(() =>
            ResolveAsync("28.0.9", "master", "nope", "-x"))).Problems.Count);

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
        var resolution = await new RefResolver(_temporary / "mirrors", s_quick)
            .ResolveAsync([new RefRequest("keystone", Unreachable, "master")]);
        Assert.Equal(_tip, resolution.Refs[0].Commit);
        Assert.Contains("'master' is taken from the mirror", Assert.Single(resolution.Notes));
    }

    [Fact]
    public async Task UnreachableRemoteWithoutMirrorIsOneSentence()
    {
        var remote = Unreachable.Replace("//", "//user:secret@", StringComparison.Ordinal);
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            new RefResolver(_temporary / "mirrors", s_quick)
                .ResolveAsync([new RefRequest("keystone", remote, "master")]));
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
        Assert.Contains("refs.json:",
            Assert.Throws<ProblemException>(() => ResolvedRef.ReadAll(_temporary / "refs.json")).Message);
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
        var tag =
            branch with { Ref = "28.0.0", Line = 8, Locked = new LockedRef("keystone", "28.0.0", _tagged, "lock", 3) };
        var problem = Assert.Single((await Assert.ThrowsAsync<ProblemException>(() =>
            new RefResolver(_temporary / "mirrors", s_quick).ResolveAsync([tag, branch]))).Problems);
        Assert.Equal(8, problem.Line);
        Assert.Contains($"is at commit {_tip}, but was at {_tagged} when it was recorded (lock:3)", problem.Found);
    }

    Task<Resolution> ResolveLockedAsync(string name, string commit, string? recorded = null) =>
        new RefResolver(_temporary / "mirrors", s_quick).ResolveAsync([
            new RefRequest("keystone", _upstream.Url, name, "source-refs.yaml", 7,
                3) { Locked = new RefLock(new Dictionary<string, LockedRef>
                {
                    ["keystone"] = new("keystone", recorded ?? name, commit, "source-refs.lock.yaml", 3),
                }).Find("keystone", name) }]);

    Task<Resolution> ResolveAsync(params string[] names) => new RefResolver(_temporary / "mirrors", s_quick)
        .ResolveAsync([.. names.Select(x => new RefRequest("keystone", _upstream.Url, x, "source-refs.yaml", 7, 3))]);
}
