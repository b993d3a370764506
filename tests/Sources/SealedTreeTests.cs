using System.Runtime.Versioning;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

[UnsupportedOSPlatform("windows")]
public sealed class SealedTreeTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly SourceTree _source;

    public SealedTreeTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        Directory.CreateDirectory(_temporary / "upstream" / "keystone");
        File.CreateSymbolicLink(_temporary / "upstream" / "link", "keystone");
        File.WriteAllBytes(_temporary / "upstream" / "logo.png", [0, 1, 2, 0, 255]);
        var commit = _upstream.Commit(
            "x", ("keystone/a.py", Lines(1, 60)), ("keystone/b.py", Lines(1, 20)), ("keystone/c.py", Lines(1, 20)),
            (".gitattributes", "*.py text eol=crlf\n"), ("run.sh", "#!/bin/sh\n"));
        _upstream.Git("checkout", "-q", "--detach");
        _source = new SourceTree(
            new ResolvedRef("keystone", _upstream.Url, "27.0.0", RefKind.Tag, commit),
            DateTimeOffset.FromUnixTimeSeconds(1_700_000_060), "keystone", "27.0.0");
        _upstream.Git("-c", "core.attributesFile=/dev/null", "worktree", "add", "-q", _temporary / "checkout", commit);
        foreach (var name in (string[])["a.py", "b.py", "c.py"])
            File.Copy(_temporary / "upstream" / "keystone" / name,
                _temporary / "checkout" / "keystone" / name, overwrite: true);
        File.Delete(_temporary / "checkout" / ".git");
        Directory.CreateDirectory(_temporary / "patches" / "keystone" / "2025.1");
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task WithoutPatchesTheTreeIsUpstreams()
    {
        await SealAsync("sealed");
        Assert.Equal(_upstream.Git("rev-parse", "HEAD^{tree}"), Git("sealed", "rev-parse", "HEAD^{tree}"));
        Assert.Equal("keystone", new FileInfo(_temporary / "sealed" / "link").LinkTarget);
        Assert.Equal("1700000060 1700000060", Git("sealed", "log", "-1", "--format=%at %ct"));
        Assert.Equal("", Git("sealed", "fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public async Task SealIsTheSameFromRunToRun()
    {
        Change("0001-new.patch", x => File.WriteAllText(x / "keystone" / "new.py", "new\n"));
        await SealAsync("one");
        foreach (var file in Directory.GetFiles(_temporary / "checkout", "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
        await SealAsync("two");
        var (one, two) = (Files("one"), Files("two"));
        Assert.Contains(".git/index", one.Keys);
        Assert.Equal(one, two);
        Assert.DoesNotContain(one.Keys,
            x => x.Contains("hooks") || x.Contains("logs") || x.Contains("info") || x.Contains("FETCH_HEAD"));
    }

    [Fact]
    public async Task EveryKindOfChangeIsInTreeAndIndex()
    {
        Change("0001-all.patch", x =>
        {
            File.WriteAllText(x / "keystone" / "new.py", "new\n");
            File.Delete(x / "keystone" / "b.py");
            File.Move(x / "keystone" / "c.py", x / "keystone" / "d.py");
            File.WriteAllBytes(x / "logo.png", [0, 9, 9, 0, 9]);
            File.SetUnixFileMode(x / "run.sh", (UnixFileMode)0b111_101_101);
            File.Delete(x / "link");
            File.CreateSymbolicLink(x / "link", "run.sh");
        });
        Change("0002-on-top.patch", x => File.WriteAllText(x / "keystone" / "new.py", "newer\n"));
        var sealedTree = await SealAsync("sealed");
        Assert.Equal(["0001-all.patch", "0002-on-top.patch"], sealedTree.Patches.Select(x => x.Name));
        Assert.Equal(
            [".gitattributes", "keystone/a.py", "keystone/d.py", "keystone/new.py", "link", "logo.png", "run.sh"],
            Git("sealed", "ls-files").Split('\n'));
        Assert.Equal("newer\n", File.ReadAllText(_temporary / "sealed" / "keystone" / "new.py"));
        Assert.Equal("run.sh", new FileInfo(_temporary / "sealed" / "link").LinkTarget);
        Assert.StartsWith("100755", Git("sealed", "ls-files", "-s", "run.sh"));
        Assert.Equal(9, File.ReadAllBytes(_temporary / "sealed" / "logo.png")[1]);
        sealedTree.Write(_temporary / "sealed.json");
        Assert.Equal(sealedTree.Patches[0].Digest, SealedTree.Read(_temporary / "sealed.json").Patches[0].Digest);
    }

    [Fact]
    public async Task OffsetsAreKept()
    {
        Patch("0001-moved.patch", Hunk("a.py", 5, "20", "21", "22"));
        Assert.Equal([new HunkOffset("keystone/a.py", 1, 15)], (await SealAsync("sealed")).Patches[0].Offsets);
    }

    [Fact]
    public async Task EveryFailingHunkOfEveryPatchIsTold()
    {
        Patch("0001-two-of-three.patch", Hunk("a.py", 1, "1", "2", "3")
            + Hunk("a.py", 20, "no", "21", "22")[Header("a.py").Length..] + Hunk("b.py", 7, "no", "nor", "x"));
        Patch("0002-on-what-is-left.patch", Hunk("a.py", 1, "1", "2 changed", "3"));
        Patch("0003-missing.patch", Hunk("none.py", 1, "1", "2", "3"));
        Patch("0004-exists.patch", "--- /dev/null\n+++ b/keystone/b.py\n@@ -0,0 +1 @@\n+new\n");
        Patch("0005-crlf.patch", Hunk("b.py", 1, "1", "2", "3").Replace("\n", "\r\n", StringComparison.Ordinal));
        Patch("0006-empty.patch", "\n");
        Patch("0007-text.patch", "Subject: nothing\n");
        var e = await Assert.ThrowsAsync<ProblemException>(() => SealAsync("sealed"));
        Assert.Equal(
            [
                "0001-two-of-three.patch:8: 2025.1 keystone: hunk 2 does not apply to keystone/a.py near line 20: 'no' "
                + "is expected, the source has '20'",
                "0001-two-of-three.patch:15: 2025.1 keystone: hunk 1 does not apply to keystone/b.py near line 7: the "
                + "source has no lines like 'no'",
                "0003-missing.patch:1: 2025.1 keystone: the patch does not apply to keystone/none.py: "
                + "the source has no such file",
                "0004-exists.patch:1: 2025.1 keystone: the patch does not apply to keystone/b.py: the source has such "
                + "a file already, with other contents",
                "0005-crlf.patch:1: The patch has CRLF line ends",
                "0006-empty.patch: The patch is empty",
                "0007-text.patch: The file is no patch",
            ],
            e.Problems.Select(x => (x with { Expected = null, Remedy = null })
                .ToString()
                .Replace("patches/keystone/2025.1/", "", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(_temporary / "sealed"));
        Assert.Equal(Lines(1, 60), File.ReadAllText(_temporary / "checkout" / "keystone" / "a.py"));
    }

    [Fact]
    public async Task PatchThatIsUpstreamAlreadyIsToldSo()
    {
        Patch("0001-there.patch", "--- a/keystone/a.py\n+++ b/keystone/a.py\n@@ -1,3 +1,3 @@\n 1\n-two\n+2\n 3\n");
        Assert.Contains("has this change already",
            (await Assert.ThrowsAsync<ProblemException>(() => SealAsync("sealed"))).Message);
    }

    [Fact]
    public async Task PatchThatWouldBeAppliedASecondTimeIsToldSo()
    {
        var commit = _upstream.Commit("x", ("twice.txt", "0\na\nb\nc\nd\n" + Lines(1, 9) + "a\nc\nd\n"));
        Directory.Delete(_temporary / "checkout", recursive: true);
        _upstream.Git("worktree", "add", "-q", "-f", _temporary / "checkout", commit);
        File.Delete(_temporary / "checkout" / ".git");
        // Line 2 is there; further down it would fit as well.
        Patch("0001-again.patch", "--- a/twice.txt\n+++ b/twice.txt\n@@ -2,3 +2,4 @@\n a\n+b\n c\n d\n");
        Patch("0002-once.patch", "--- a/twice.txt\n+++ b/twice.txt\n@@ -2,3 +2,4 @@\n 7\n+7.5\n 8\n 9\n");
        var e = await Assert.ThrowsAsync<ProblemException>(() => SealAsync("sealed"));
        Assert.Equal(["patches/keystone/2025.1/0001-again.patch: 2025.1 keystone: the source has this change already. "
            + "Delete the patch; CheckPatches names the commit"],
            e.Problems.Select(x => x.ToString()));
    }

    [Fact]
    public async Task PatchCannotLeaveTheTree()
    {
        Patch("0001-out.patch", "--- /dev/null\n+++ b/../out.txt\n@@ -0,0 +1 @@\n+new\n");
        Patch("0002-git.patch", "--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+new\n");
        Patch("0003-link.patch", "--- /dev/null\n+++ b/link/new.py\n@@ -0,0 +1 @@\n+new\n");
        Patch("0004-absolute.patch", $"--- /dev/null\n+++ {_temporary / "out.txt"}\n@@ -0,0 +1 @@\n+new\n");
        Patch("0005-makes-link.patch", "diff --git a/keystone/up b/keystone/up\nnew file mode 120000\n--- /dev/null\n"
            + "+++ b/keystone/up\n@@ -0,0 +1 @@\n+../../out\n\\ No newline at end of file\n");
        var e = await Assert.ThrowsAsync<ProblemException>(() => SealAsync("sealed"));
        Assert.Equal(
            [
                "2025.1 keystone: the patch does not apply: invalid path '../out.txt'",
                "2025.1 keystone: the patch does not apply: invalid path '.git/hooks/x'",
                "2025.1 keystone: the patch does not apply: link/new.py: beyond a symbolic link",
            ],
            e.Problems.Take(3)
                .Select(x => x.Found.Replace("affected file 'link/new.py' is beyond", "link/new.py: beyond",
                    StringComparison.Ordinal)));
        Assert.StartsWith("The paths of ", e.Problems[3].Found);
        Assert.Equal("The patch makes keystone/up a link to '../../out', which is not in the source tree",
            e.Problems[4].Found);
        Assert.False(File.Exists(_temporary / "out.txt"));
    }

    [Fact]
    public async Task HeadersAreKept()
    {
        Change("0001-new.patch", x => File.WriteAllText(x / "keystone" / "new.py", "new\n"));
        (await SealAsync("sealed")).Write(_temporary / "sealed.json");
        var header = SealedTree.Read(_temporary / "sealed.json").Patches[0].Header;
        Assert.Equal(("0001-new.patch", "A", "a@example.org"), (header.Subject, header.Author, header.Email));
    }

    [Fact]
    public async Task LineEndsAndNamesOfAnyKindAreChanged()
    {
        _upstream.Commit("x", ("dos.txt", "one\r\ntwo\r\nthree\r\n"), ("a file \u00e9.txt", "one\n"));
        Directory.Delete(_temporary / "checkout", recursive: true);
        _upstream.Git("-c", "core.attributesFile=/dev/null", "worktree", "add", "-q", "-f",
            _temporary / "checkout", "HEAD");
        File.Delete(_temporary / "checkout" / ".git");
        Change("0001-names.patch", x =>
        {
            File.WriteAllText(x / "dos.txt", "one\r\n2\r\nthree\r\n");
            File.WriteAllText(x / "a file \u00e9.txt", "  one\t\n");
        });
        await SealAsync("sealed");
        Assert.Equal("one\r\n2\r\nthree\r\n", File.ReadAllText(_temporary / "sealed" / "dos.txt"));
        Assert.Equal("  one\t\n", File.ReadAllText(_temporary / "sealed" / "a file \u00e9.txt"));
    }

    Task<SealedTree> SealAsync(string name) => SealedTree.MakeAsync(
        _source, _temporary / "checkout", new PatchSeries("keystone", "2025.1", Patches()), _temporary / name);

    IReadOnlyList<Nuke.Common.IO.AbsolutePath> Patches() =>
        [.. Directory.GetFiles(_temporary / "patches" / "keystone" / "2025.1")
            .Order(StringComparer.Ordinal)
            .Select(x => (Nuke.Common.IO.AbsolutePath)x)];

    string Git(string directory, params string[] arguments) =>
        new Command("git", arguments) { WorkingDirectory = _temporary / directory }
            .RequireAsync()
            .GetAwaiter()
            .GetResult().Text;

    void Patch(string name, string text) =>
        File.WriteAllText(_temporary / "patches" / "keystone" / "2025.1" / name, text);

    /// <summary>
    /// A patch as git writes it: the difference that <paramref name="change"/> makes to the upstream tree.
    /// </summary>
    void Change(string name, Action<Nuke.Common.IO.AbsolutePath> change)
    {
        change(_temporary / "upstream");
        _upstream.Commit(name);
        _upstream.Git("format-patch", "-1", "--binary", "-M", "-q",
            $"--output={_temporary / "patches" / "keystone" / "2025.1" / name}");
    }

    SortedDictionary<string, string> Files(string directory) => new(Directory
        .GetFiles(_temporary / directory, "*", SearchOption.AllDirectories)
        .ToDictionary(x => Path.GetRelativePath(_temporary / directory, x),
            x => Convert.ToHexString(File.ReadAllBytes(x))));

    static string Header(string file) => $"--- a/keystone/{file}\n+++ b/keystone/{file}\n";

    /// <summary>Three lines of context of which the middle one is changed.</summary>
    static string Hunk(string file, int line, string before, string old, string after) =>
        $"{Header(file)}@@ -{line},3 +{line},3 @@\n {before}\n-{old}\n+{old} changed\n {after}\n";

    static string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to).Select(x => $"{x}\n"));
}
