using System.Runtime.Versioning;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Tests.Sources;

/// <summary>What becomes of patches, on a mirror that holds no contents of files to begin with.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PatchCheckTests : IDisposable
{
    const string ChangeId = "I8f2a1d5c3b7e9f0a1b2c3d4e5f60718293a4b5c6";

    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly Mirror _mirror;

    public PatchCheckTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        _mirror = new Mirror(_temporary / "mirrors", "keystone", _upstream.Url);
        File.WriteAllBytes(_temporary / "upstream" / "logo.png", [0, 1, 2, 0, 255]);
        File.CreateSymbolicLink(_temporary / "upstream" / "link", "keystone");
        _upstream.Commit("Begin", ("keystone/a.py", Lines(1, 60)), ("keystone/b.py", Lines(1, 20)),
            ("keystone/c.py", Lines(1, 20)), ("run.sh", "#!/bin/sh\n"));
    }

    public void Dispose() => _temporary.Dispose();

    AbsolutePath Patches => _temporary / "patches";

    [Fact]
    public async Task EveryKindOfChangeApplies()
    {
        Make("0001-all", x =>
        {
            File.WriteAllText(x / "keystone" / "data file é.json", "{}\n");
            File.WriteAllBytes(x / "keystone" / "new.bin", [0, 255, 0, 1]);
            File.Delete(x / "keystone" / "b.py");
            File.Move(x / "keystone" / "c.py", x / "keystone" / "d.py");
            File.WriteAllBytes(x / "logo.png", [0, 9, 9, 0, 9]);
            File.SetUnixFileMode(x / "run.sh", (UnixFileMode)0b111_101_101);
            File.Delete(x / "link");
            File.CreateSymbolicLink(x / "link", "run.sh");
        });
        Make("0002-on-top", x => File.WriteAllText(x / "keystone" / "data file é.json", "{ }\n"));
        Make("0003-white-space", x => Edit(x / "keystone" / "a.py", "\n7\n", "\n7  \n"));
        _upstream.Git("reset", "-q", "--hard", "HEAD~3");
        Assert.Equal([PatchState.Applies, PatchState.Applies, PatchState.Applies], await StatesAsync());
        // The mirror is as it was: nothing that was tried is in it, and of the contents only those that were needed.
        Assert.False(Directory.EnumerateFiles(_mirror.Directory / "objects").Any());
        Assert.DoesNotContain(FileTree.Entries(_mirror.Directory / "objects"),
            x => x.Entry is FileInfo && !x.Name.StartsWith("pack/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OffsetsSayWhichHunkIsWhere()
    {
        Make("0001-one", x => Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n"));
        Make("0002-two", x => Edit(x / "keystone" / "a.py", "\n40\n", "\nforty\n"));
        Make("0003-three", x => Edit(x / "keystone" / "b.py", "\n10\n", "\nten\n"));
        _upstream.Git("reset", "-q", "--hard", "HEAD~3");
        Upstream("Longer", x => File.WriteAllText(x / "keystone" / "a.py", "0\n0\n" + Lines(1, 60)));
        var verdicts = await RunAsync();
        Assert.Equal([PatchState.Offset, PatchState.Offset, PatchState.Applies], verdicts.Select(x => x.State));
        Assert.Equal([new HunkOffset("keystone/a.py", 1, 2)], verdicts[1].Offsets);
    }

    [Theory]
    [InlineData("Fix it\n\nChange-Id: " + ChangeId, "Another subject\n\nChange-Id: " + ChangeId, false,
        UpstreamEvidence.PatchId)]
    [InlineData("Fix it\n\nChange-Id: " + ChangeId, "Another subject\n\nChange-Id: " + ChangeId, true,
        UpstreamEvidence.ChangeId)]
    [InlineData("Fix it", "Fix it", true, UpstreamEvidence.Subject)]
    [InlineData("Fix it", "Another subject", false, UpstreamEvidence.PatchId)]
    [InlineData("Fix it", "Another subject", true, null)]
    public async Task ChangeThatIsUpstreamNamesItsCommit(string ours, string theirs, bool more,
        UpstreamEvidence? evidence)
    {
        Make("0001-fix", x => Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n"), ours);
        _upstream.Git("reset", "-q", "--hard", "HEAD~1");
        Upstream("Before", x => Edit(x / "keystone" / "a.py", "\n50\n", "\nfifty\n"));
        var commit = Upstream(theirs, x =>
        {
            Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n");
            // Another hunk makes it another change, and another file does not: patches leave release notes out.
            if (more) Edit(x / "keystone" / "a.py", "\n60\n", "\nsixty\n");
            File.WriteAllText(x / "note.yaml", "note\n");
        });
        Upstream("After", x => Edit(x / "keystone" / "b.py", "\n10\n", "\nten\n"));
        var verdict = Assert.Single(await RunAsync());
        Assert.Equal(PatchState.Upstream, verdict.State);
        Assert.Equal((evidence is null ? null : commit, evidence),
            (verdict.Upstream?.Commit, verdict.Upstream?.FoundBy));
    }

    [Fact]
    public async Task ChangeThatWasUpstreamLongBeforeThePatchNamesItsCommit()
    {
        Make("0001-fix", x => Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n"));
        Edit(Patches / "0001-fix.patch", "Date: Tue, 14 Nov 2023", "Date: Fri, 14 Nov 2025");
        Assert.Equal(_upstream.Git("rev-parse", "HEAD"), Assert.Single(await RunAsync()).Upstream!.Commit);
    }

    [Fact]
    public async Task MutatedPatchesAreJudgedEachByItself()
    {
        Make("0001-fix", x =>
        {
            Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n");
            File.WriteAllText(x / "keystone" / "new.py", "new\n");
            File.Move(x / "keystone" / "c.py", x / "keystone" / "d.py");
        });
        _upstream.Git("reset", "-q", "--hard", "HEAD~1");
        var text = File.ReadAllText(Patches / "0001-fix.patch");
        var mutator = new Constraints.Mutator(seed: 3);
        for (var i = 2; i <= 50; i++) File.WriteAllText(Patches / $"{i:d4}-mutated.patch", mutator.Mutate(text));
        var states = await StatesAsync();
        Assert.Equal(50, states.Count);
        Assert.Equal(PatchState.Applies, states[0]);
        Assert.Contains(PatchState.Upstream, states);
        Assert.Contains(PatchState.Invalid, states);
        Assert.Contains(states, x => x is PatchState.Conflict or PatchState.PartlyUpstream);
    }

    [Fact]
    public async Task AnotherVersionOfAChangeIsNamedWhereThePatchConflicts()
    {
        Make("0001-fix", x => Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n"),
            "Fix it\n\nChange-Id: " + ChangeId);
        _upstream.Git("reset", "-q", "--hard", "HEAD~1");
        var commit = Upstream("Fix it well\n\nChange-Id: " + ChangeId,
            x => Edit(x / "keystone" / "a.py", "\n20\n", "\nXX\n"));
        var verdict = Assert.Single(await RunAsync());
        Assert.Equal((PatchState.Conflict, commit), (verdict.State, verdict.Upstream!.Commit));
        var conflict = Assert.Single(verdict.Conflicts);
        Assert.Equal(("keystone/a.py", 1, 20), (conflict.File, conflict.Hunk, conflict.SourceLine));
        Assert.Equal(["20"], conflict.Expected);
        Assert.Equal(["XX"], conflict.Found);
    }

    [Fact]
    public async Task PartsThatAreUpstreamAreTold()
    {
        Make("0001-two", x =>
        {
            Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n");
            Edit(x / "keystone" / "b.py", "\n10\n", "\nten\n");
        });
        _upstream.Git("reset", "-q", "--hard", "HEAD~1");
        Upstream("Half", x => Edit(x / "keystone" / "b.py", "\n10\n", "\nten\n"));
        var verdict = Assert.Single(await RunAsync());
        Assert.Equal(PatchState.PartlyUpstream, verdict.State);
        Assert.Equal(["hunk 1 of keystone/b.py"], verdict.There);
        Assert.Empty(verdict.Conflicts);
    }

    [Fact]
    public async Task LaterPatchesAreJudgedWithoutThoseThatFail()
    {
        Make("0001-upstream", x => Edit(x / "keystone" / "b.py", "\n10\n", "\nten\n"));
        Make("0002-conflict", x => Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n"));
        Make("0003-consequence", x => Edit(x / "keystone" / "a.py", "\ntwenty\n", "\nzwanzig\n"));
        Make("0004-other-place", x => Edit(x / "keystone" / "a.py", "\n50\n", "\nfifty\n"));
        Make("0005-on-upstream", x => Edit(x / "keystone" / "b.py", "\nten\n", "\nzehn\n"));
        File.WriteAllText(Patches / "0006-broken.patch", "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n 1\n");
        File.WriteAllText(Patches / "0007-p0.patch",
            "--- keystone/c.py\n+++ keystone/c.py\n@@ -1,2 +1,2 @@\n-1\n+one\n 2\n");
        _upstream.Git("reset", "-q", "--hard", "HEAD~5");
        Upstream("Ten", x => Edit(x / "keystone" / "b.py", "\n10\n", "\nten\n"));
        Upstream("XX", x => Edit(x / "keystone" / "a.py", "\n20\n", "\nXX\n"));
        var verdicts = await RunAsync();
        Assert.Equal(
            [PatchState.Upstream, PatchState.Conflict, PatchState.Conflict, PatchState.Applies, PatchState.Applies,
                PatchState.Invalid, PatchState.Invalid],
            verdicts.Select(x => x.State));
        Assert.Empty(verdicts[1].AfterFailed);
        Assert.Equal(["0002-conflict.patch"], verdicts[2].AfterFailed);
        Assert.Contains("Hunk 1 of x has more or fewer lines", Assert.Single(verdicts[5].Reasons));
        Assert.Contains("expected a/ and b/", Assert.Single(verdicts[6].Reasons));
    }

    [Fact]
    public async Task ChangeThatGitWouldMakeASecondTimeIsUpstream()
    {
        var commit = Upstream("Add b",
            x => File.WriteAllText(x / "twice.txt", "0\na\nb\nc\nd\n" + Lines(1, 9) + "a\nc\nd\n"));
        Directory.CreateDirectory(Patches);
        File.WriteAllText(Patches / "0001-again.patch",
            "Subject: Add b\n\n--- a/twice.txt\n+++ b/twice.txt\n@@ -2,3 +2,4 @@\n a\n+b\n c\n d\n");
        File.WriteAllText(Patches / "0002-next.patch",
            "--- a/twice.txt\n+++ b/twice.txt\n@@ -12,3 +12,3 @@\n 7\n-8\n+eight\n 9\n");
        var verdicts = await RunAsync();
        Assert.Equal([PatchState.Upstream, PatchState.Applies], verdicts.Select(x => x.State));
        Assert.Equal(commit, verdicts[0].Upstream!.Commit);
    }

    [Fact]
    public async Task WhatLeavesTheTreeIsRefusedAsByPatch()
    {
        Directory.CreateDirectory(Patches);
        File.WriteAllText(Patches / "0001-out.patch", "--- /dev/null\n+++ b/../out.txt\n@@ -0,0 +1 @@\n+new\n");
        File.WriteAllText(Patches / "0002-git.patch", "--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+new\n");
        File.WriteAllText(Patches / "0003-link.patch", "--- /dev/null\n+++ b/link/new.py\n@@ -0,0 +1 @@\n+new\n");
        File.WriteAllText(Patches / "0004-absolute.patch", "--- /dev/null\n+++ /etc/out.txt\n@@ -0,0 +1 @@\n+new\n");
        var verdicts = await RunAsync();
        Assert.All(verdicts, x => Assert.Equal(PatchState.Invalid, x.State));
        Assert.Equal(
            ["git cannot apply the patch: invalid path '../out.txt'",
                "git cannot apply the patch: invalid path '.git/hooks/x'",
                "git cannot apply the patch: affected file 'link/new.py' is beyond a symbolic link"],
            verdicts.Take(3).Select(x => x.Reasons[0]));
    }

    [Fact]
    public async Task WithoutTheRemoteAWarmMirrorIsEnough()
    {
        Make("0001-fix", x => Edit(x / "keystone" / "a.py", "\n20\n", "\ntwenty\n"));
        _upstream.Git("reset", "-q", "--hard", "HEAD~1");
        var commit = _upstream.Git("rev-parse", "HEAD");
        Assert.Equal([PatchState.Applies], await StatesAsync());
        Directory.Move(_temporary / "upstream", _temporary / "gone");
        var source = new ResolvedRef("keystone", _upstream.Url, "27.0.0", RefKind.Tag, commit);
        Assert.Equal(PatchState.Applies,
            Assert.Single((await new PatchCheck(_mirror, source, Series()).RunAsync()).Patches).State);
        File.WriteAllText(Patches / "0002-cold.patch",
            "--- a/keystone/b.py\n+++ b/keystone/b.py\n@@ -1,2 +1,2 @@\n-1\n+one\n 2\n");
        var e = await Assert.ThrowsAsync<ProblemException>(() => new PatchCheck(_mirror, source, Series()).RunAsync());
        Assert.Contains("cannot be had. Check the network", e.Message);
    }

    async Task<IReadOnlyList<PatchState>> StatesAsync() => [.. (await RunAsync()).Select(x => x.State)];

    async Task<IReadOnlyList<PatchVerdict>> RunAsync()
    {
        var source = new ResolvedRef("keystone", _upstream.Url, "master", RefKind.Branch,
            _upstream.Git("rev-parse", "HEAD"));
        return (await new PatchCheck(_mirror, source, Series()).RunAsync()).Patches;
    }

    PatchSeries Series() => new("keystone", "2025.1",
        [.. Directory.GetFiles(Patches).Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x)]);

    /// <summary>A patch as git writes it, of a change that is committed.</summary>
    void Make(string name, Action<AbsolutePath> change, string? message = null)
    {
        Directory.CreateDirectory(Patches);
        Upstream(message ?? name, change);
        _upstream.Git("format-patch", "-1", "--binary", "-M", "-q", $"--output={Patches / $"{name}.patch"}");
    }

    string Upstream(string message, Action<AbsolutePath> change)
    {
        change(_temporary / "upstream");
        return _upstream.Commit(message);
    }

    static void Edit(AbsolutePath file, string old, string replacement)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(old, text);
        File.WriteAllText(file, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    static string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to).Select(x => $"{x}\n"));
}
