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
        _nova.Commit("x", ("setup.cfg", "[metadata]\nname = nova\n"), ("nova/a.py", "a = 1\n"),
            (".gitignore", "*.pyc\n"));
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
        Assert.Equal(text,
            File.Exists(_temporary / "copy" / file) ? File.ReadAllText(_temporary / "copy" / file) : null);
    }

    [Fact]
    public async Task EveryChangeIsSeenAndNothingElseIs()
    {
        var states = new List<LocalState> { (await ReadAsync()).State };
        File.SetLastWriteTimeUtc(_tree / "nova" / "a.py", DateTime.UtcNow.AddHours(1));
        Assert.Equal(states[0], (await ReadAsync()).State);
        foreach (var change in (Action[])[
            () => File.AppendAllText(_tree / "nova" / "a.py", "#"), () => File.WriteAllText(_tree / "new", "x"),
            () => File.SetUnixFileMode(_tree / "new",
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute),
            () => File.Move(_tree / "new", _tree / "other"),
            () => File.Delete(_tree / "nova" / "b.py"),
            () => { File.Delete(_tree / "link"); File.CreateSymbolicLink(_tree / "link", "setup.cfg"); }])
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
        await new Command("git", "clone", "--quiet", "--filter=blob:none", _nova.Url, _temporary / "partial")
            .RequireAsync();
        Directory.Delete(_temporary / "copy", recursive: true);
        Assert.Equal("31.3.2.dev1", (await CopyAsync(_temporary / "partial")).Version);
    }

    [Fact]
    public async Task ShallowCloneThatDoesNotReachItsTagIsAnError()
    {
        await new Command("git", "clone", "--quiet", "--depth=1", _nova.Url, _temporary / "shallow").RequireAsync();
        Assert.Contains("cut off",
            (await Assert.ThrowsAsync<ProblemException>(() => CopyAsync(_temporary / "shallow"))).Message);
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
        Assert.DoesNotContain(Copied(),
            x => x.StartsWith("inner", StringComparison.Ordinal) || x.StartsWith("stranger", StringComparison.Ordinal));
    }

    /// <summary>What <c>git status</c> calls clean is the tree of its commit.</summary>
    [Theory]
    [InlineData("git config core.fileMode false; chmod 755 nova/a.py; chmod 644 run.sh")]
    [InlineData("git config core.symlinks false; rm link; printf nova/a.py >link")]
    [InlineData("git config core.autocrlf true; rm nova/a.py dos.txt; git checkout nova/a.py dos.txt; grep -q \r "
        + "nova/a.py")]
    [InlineData("git config core.eol crlf; echo '*.py text' >.git/info/attributes; rm nova/a.py; git checkout "
        + "nova/a.py; grep -q \r nova/a.py")]
    [InlineData("git config filter.x.clean 'sed s/two/1/'; git config filter.x.smudge 'sed s/1/two/'; echo '*.py "
        + "filter=x' >.git/info/attributes; rm nova/a.py; git checkout nova/a.py; grep -q two nova/a.py")]
    [InlineData("git sparse-checkout set nova; ! test -e docs")]
    [InlineData("git sparse-checkout set --no-cone /nova/ && ! test -e docs")]
    [InlineData("git update-index --split-index")]
    [InlineData("git update-index --index-version 4; touch nova/a.py")]
    [InlineData("git config index.sparse true; git sparse-checkout set nova")]
    public async Task WhatGitCallsCleanIsTheTreeOfItsCommit(string script)
    {
        Directory.CreateDirectory(_tree / "docs");
        File.WriteAllText(_tree / "run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(_tree / "run.sh", (UnixFileMode)0b111_101_101);
        _nova.Commit("z", ("docs/index.rst", "Title\n"));
        // Its line ends are what was committed.
        _nova.Git("update-index", "--add", "--cacheinfo",
            $"100644,{_nova.Git("hash-object", "-w", "--no-filters", "setup.cfg")},dos.txt");
        _nova.Git("commit", "-q", "-m", "dos");
        _nova.Git("checkout", "-q", "--", ".");
        await new Command("sh", "-ec", script) { WorkingDirectory = _tree }.RequireAsync();
        Assert.Equal("", _nova.Git("status", "--porcelain"));
        var before = Digest.OfDirectory(_tree);
        var source = await CopyAsync();
        Assert.Equal(before, Digest.OfDirectory(_tree));
        Assert.Equal(("31.3.2.dev3", $"{_nova.Git("rev-parse", "HEAD")}-local"),
            (source.Version, source.Source.Revision));
        await new Command("git", "init", "-q", _temporary / "copy").RequireAsync();
        await new Command("git", "-C", _temporary / "copy", "-c", "core.autocrlf=false", "add", "--all", "--force")
            .RequireAsync();
        Assert.Equal(_nova.Git("rev-parse", "HEAD^{tree}"),
            (await new Command("git", "-C", _temporary / "copy", "write-tree").RequireAsync()).Text);
    }

    [Theory]
    [InlineData("git config core.fileMode false; echo 'a = 3' >nova/a.py")]
    [InlineData("git config core.autocrlf true; printf 'a = 3\\r\\n' >nova/a.py")]
    [InlineData("git sparse-checkout set docs; mkdir -p nova; echo 'a = 3' >nova/a.py")]
    [InlineData("git add -N nova/a.py; echo 'a = 3' >nova/a.py")]
    [InlineData("git rm -q --cached nova/a.py; echo 'a = 3' >nova/a.py")]
    public async Task WhatGitCallsModifiedIsTheTreeThatItWouldCommit(string script)
    {
        await new Command("sh", "-ec", script) { WorkingDirectory = _tree }.RequireAsync();
        Assert.EndsWith("-dirty", (await CopyAsync()).Source.Revision);
        Assert.Equal("a = 3\n", File.ReadAllText(_temporary / "copy" / "nova" / "a.py"));
    }

    [Fact]
    public async Task WhatIsNotAPartOfTheTreeIsSaid()
    {
        new Upstream(_tree / "inner").Commit("x", ("a", "1"));
        _nova.Git("-c", "advice.addEmbeddedRepo=false", "add", "inner");
        _nova.Git("commit", "--quiet", "-m", "submodule");
        new Upstream(_tree / "stranger").Commit("x", ("a", "1"));
        var notes = (await ReadAsync()).Notes;
        Assert.Equal(
            ["nova: the tree is without its submodules: inner",
            $"nova: repositories within {_tree} are no part of it: stranger/"], notes);
        var request = new RefRequest("nova", "https://opendev.org/openstack/nova", "master") { LocalTree = _tree };
        Assert.Equal([string.Join("; ", notes)],
            (await new RefResolver(_temporary / "mirrors").ResolveAsync([request])).Notes);
    }

    [Theory]
    [InlineData("touch \"nova/caf$(printf '\\351').py\"", "nova/caf\\351.py")]
    [InlineData("touch \"nova/caf$(printf '\\351').py\"; git add --all", "nova/caf\\351.py")]
    [InlineData("ln -s \"caf$(printf '\\351').py\" nova/new", "nova/new -> caf\\351.py")]
    public async Task NamesThatAreNotUtf8AreRefusedByName(string script, string expected)
    {
        await new Command("sh", "-ec", script) { WorkingDirectory = _tree }.RequireAsync();
        Assert.Contains(expected, (await Assert.ThrowsAsync<ProblemException>(() => CopyAsync())).Message);
    }

    [Fact]
    public async Task NamesOfAnUnpackedDistributionThatAreNotUtf8AreRefused()
    {
        var export = Export("Name: Nova\nVersion: 31.3.0\n");
        const string Script = "touch \"caf$(printf '\\351').py\"";
        await new Command("sh", "-ec", Script) { WorkingDirectory = export }.RequireAsync();
        Assert.Contains("has files whose name is not UTF-8: caf",
            (await Assert.ThrowsAsync<ProblemException>(() => CopyAsync(export))).Message);
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
        await Verifier.Verify((await Assert.ThrowsAsync<ProblemException>(() => CopyAsync(Export(null)))).Message
            .Replace(_temporary.Path, "<temporary>", StringComparison.Ordinal));

    [Fact]
    public async Task VersionOfAnotherDistributionDoesNotCount() =>
        Assert.Contains("says no version in PKG-INFO", (await Assert.ThrowsAsync<ProblemException>(() =>
            CopyAsync(Export("Name: openstack-nova\nVersion: 31.3.0\n")))).Message);

    [Fact]
    public async Task RepositoryWithoutACommitIsOneSentence()
    {
        _ = new Upstream(_temporary / "empty");
        Assert.Contains("has no commit checked out",
            (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(_temporary / "empty"))).Message);
    }

    [Fact]
    public async Task TreeThatChangedSinceIsNotTaken()
    {
        var resolved = (await ReadAsync()).Resolve("nova", "https://opendev.org/openstack/nova");
        File.AppendAllText(_tree / "nova" / "a.py", "#");
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            LocalTree.WriteAsync(resolved, _tree, _temporary / "copy", _temporary / "view"));
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
        var request = new RefRequest("nova", "https://user:secret@opendev.org/openstack/nova", "master")
        {
            LocalTree = tree ?? _tree,
        };
        var resolved = (await new RefResolver(_temporary / "mirrors").ResolveAsync([request])).Refs[0];
        var view = _temporary / "view";
        if (Directory.Exists(view)) Directory.Delete(view, recursive: true);
        var hasHistory = await LocalTree.WriteAsync(resolved, tree ?? _tree, _temporary / "copy", view);
        return SourceTree.Describe(resolved, hasHistory ? view : null, _temporary / "copy");
    }

    IEnumerable<string> Copied() => FileTree.Entries(_temporary / "copy")
        .Where(x => x.Entry is FileInfo || x.Entry.LinkTarget is not null)
        .Select(x => x.Name)
        .Order(StringComparer.Ordinal);
}
