using System.Runtime.Versioning;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Tests.Sources;

/// <summary>Work trees of the user's.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LocalTreeTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _nova;
    readonly AbsolutePath _tree;
    readonly string _head;

    public LocalTreeTests()
    {
        _tree = _temporary / "nova";
        _nova = new Upstream(_tree);
        _nova.Commit("x", ("setup.cfg", "[metadata]\nname = nova\n"), ("nova/a.py", "a = 1\n"), (".gitignore", "*.pyc\n"));
        _nova.Tag("31.3.1");
        File.CreateSymbolicLink(_tree / "link", "nova/a.py");
        _head = _nova.Commit("y", ("nova/b.py", "b = 1\n"));
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task CleanTreeIsItsCommit()
    {
        File.WriteAllText(_tree / "nova" / "a.pyc", "ignored");
        var source = await CopyAsync();
        Assert.Equal("31.3.2.dev1", source.Version);
        Assert.Equal($"{_head}-local", source.Source.Revision);
        Assert.Equal(("https://opendev.org/openstack/nova", RefKind.Local), (source.Source.Remote, source.Source.Kind));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_120), source.CommittedAt);
        Assert.Equal([".gitignore", "link", "nova/a.py", "nova/b.py", "setup.cfg"], Copied());
        Assert.Equal("nova/a.py", new FileInfo(_temporary / "copy" / "link").LinkTarget);
    }

    [Theory]
    [InlineData("nova/a.py", "a = 2\n")]
    [InlineData("nova/new.py", "")]
    [InlineData("nova/a.py", null)]
    public async Task DirtyTreeSaysSo(string file, string? text)
    {
        if (text is null) File.Delete(_tree / file);
        else File.WriteAllText(_tree / file, text);
        var source = await CopyAsync();
        Assert.Equal(("31.3.2.dev1+dirty", $"{_head}-dirty"), (source.Version, source.Source.Revision));
        Assert.Equal(text, File.Exists(_temporary / "copy" / file) ? File.ReadAllText(_temporary / "copy" / file) : null);
    }

    [Fact]
    public async Task EveryChangeIsSeenAndNothingElseIs()
    {
        var states = new List<LocalState> { (await ReadAsync()).State };
        File.SetLastWriteTimeUtc(_tree / "nova" / "a.py", DateTime.UtcNow.AddHours(1));
        Assert.Equal(states[0], (await ReadAsync()).State);
        foreach (var change in (Action[])[
            () => File.AppendAllText(_tree / "nova" / "a.py", "#"), () => File.WriteAllText(_tree / "new", "x"),
            () => File.SetUnixFileMode(_tree / "new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute), () => File.Move(_tree / "new", _tree / "other"),
            () => File.Delete(_tree / "nova" / "b.py"), () => { File.Delete(_tree / "link"); File.CreateSymbolicLink(_tree / "link", "setup.cfg"); }])
        {
            change();
            states.Add((await ReadAsync()).State);
        }

        Assert.Equal(states.Count, states.Distinct().Count());
    }

    [Fact]
    public async Task NothingIsWrittenToIt()
    {
        // An index whose times are stale is what git would refresh.
        File.SetLastWriteTimeUtc(_tree / "nova" / "a.py", DateTime.UtcNow.AddHours(1));
        var before = Digest.OfDirectory(_tree);
        await CopyAsync();
        Assert.Equal(before, Digest.OfDirectory(_tree));
    }

    [Fact]
    public async Task LinkedWorkTreeAndPartialCloneAreRepositories()
    {
        _nova.Git("worktree", "add", "--quiet", "--detach", _temporary / "linked", "HEAD");
        Assert.Equal("31.3.2.dev1", (await CopyAsync(_temporary / "linked")).Version);
        await new Command("git", "clone", "--quiet", "--filter=blob:none", _nova.Url, _temporary / "partial").RequireAsync();
        Directory.Delete(_temporary / "copy", recursive: true);
        Assert.Equal("31.3.2.dev1", (await CopyAsync(_temporary / "partial")).Version);
    }

    [Fact]
    public async Task ShallowCloneThatDoesNotReachItsTagIsAnError()
    {
        await new Command("git", "clone", "--quiet", "--depth=1", _nova.Url, _temporary / "shallow").RequireAsync();
        Assert.Contains("cut off", (await Assert.ThrowsAsync<ProblemException>(() => CopyAsync(_temporary / "shallow"))).Message);
    }

    [Fact]
    public async Task SubmodulesAndNestedRepositoriesStayOutside()
    {
        var inner = new Upstream(_tree / "inner");
        inner.Commit("x", ("a", "1"));
        _nova.Git("-c", "advice.addEmbeddedRepo=false", "add", "inner");
        _nova.Git("commit", "--quiet", "-m", "submodule");
        new Upstream(_tree / "stranger").Commit("x", ("a", "1"));
        var source = await CopyAsync();
        Assert.EndsWith("-local", source.Source.Revision);
        Assert.DoesNotContain(Copied(), x => x.StartsWith("inner", StringComparison.Ordinal) || x.StartsWith("stranger", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LinkInPlaceOfADirectoryIsCopiedAsALink()
    {
        Directory.CreateDirectory(_temporary / "outside");
        File.WriteAllText(_temporary / "outside" / "a.py", "outside");
        Directory.Delete(_tree / "nova", recursive: true);
        File.CreateSymbolicLink(_tree / "nova", _temporary / "outside");
        await CopyAsync();
        Assert.Equal([".gitignore", "link", "nova", "setup.cfg"], Copied());
        Assert.Equal("outside", File.ReadAllText(_temporary / "outside" / "a.py"));
    }

    [Fact]
    public async Task UnpackedSourceDistributionIsTakenWhole()
    {
        var export = Export("Metadata-Version: 2.1\nName: Nova\nVersion: 31.3.0\n\nVersion: 1\n");
        var source = await CopyAsync(export);
        Assert.Equal("31.3.0", source.Version);
        Assert.Matches("^[0-9a-f]{64}-local$", source.Source.Revision);
        Assert.Equal(["PKG-INFO", "a.pyc", "setup.cfg"], Copied());
    }

    [Fact]
    public async Task TreeInsideOfAnotherRepositoryDoesNotTakeItsVersion() =>
        await Verifier.Verify((await Assert.ThrowsAsync<ProblemException>(() => CopyAsync(Export(null)))).Message.Replace(_temporary.Path, "<temporary>", StringComparison.Ordinal));

    [Fact]
    public async Task VersionOfAnotherDistributionDoesNotCount() =>
        Assert.Contains("says no version in PKG-INFO", (await Assert.ThrowsAsync<ProblemException>(() => CopyAsync(Export("Name: openstack-nova\nVersion: 31.3.0\n")))).Message);

    [Fact]
    public async Task RepositoryWithoutACommitIsOneSentence()
    {
        _ = new Upstream(_temporary / "empty");
        Assert.Contains("has no commit checked out", (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(_temporary / "empty"))).Message);
    }

    [Fact]
    public async Task TreeThatChangedSinceIsNotTaken()
    {
        var resolved = (await ReadAsync()).Resolve("nova", "https://opendev.org/openstack/nova");
        File.AppendAllText(_tree / "nova" / "a.py", "#");
        var e = await Assert.ThrowsAsync<ProblemException>(() => LocalTree.WriteAsync(resolved, _tree, _temporary / "copy", _temporary / "view"));
        Assert.Contains("has changed since it was looked at", e.Message);
    }

    /// <summary>A directory without a repository of its own, in one that has tags.</summary>
    AbsolutePath Export(string? packageInfo)
    {
        var export = _tree / "vendor" / "nova";
        Directory.CreateDirectory(export);
        File.WriteAllText(export / "setup.cfg", "[metadata]\nname = nova\n");
        File.WriteAllText(export / "a.pyc", "");
        if (packageInfo is not null) File.WriteAllText(export / "PKG-INFO", packageInfo);
        return export;
    }

    Task<LocalTree> ReadAsync(AbsolutePath? tree = null) => LocalTree.ReadAsync("nova", tree ?? _tree);

    async Task<SourceTree> CopyAsync(AbsolutePath? tree = null)
    {
        var request = new RefRequest("nova", "https://user:secret@opendev.org/openstack/nova", "master") { LocalTree = tree ?? _tree };
        var resolved = (await new RefResolver(_temporary / "mirrors").ResolveAsync([request])).Refs[0];
        var view = _temporary / "view";
        if (Directory.Exists(view)) Directory.Delete(view, recursive: true);
        var hasHistory = await LocalTree.WriteAsync(resolved, tree ?? _tree, _temporary / "copy", view);
        return SourceTree.Describe(resolved, hasHistory ? view : null, _temporary / "copy");
    }

    IEnumerable<string> Copied() => FileTree.Entries(_temporary / "copy").Where(x => x.Entry is FileInfo || x.Entry.LinkTarget is not null).Select(x => x.Name).Order(StringComparer.Ordinal);
}
