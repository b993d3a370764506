using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// A fix upstream and three releases: one in other lines, one with the same lines further down, one that has it; all by
/// the program, on local remotes.
/// </summary>
public sealed class BackportTests : IDisposable
{
    const string Of = "--service keystone --git-mirror ./upstream --no-logo";
    const string Id = "I0123456789012345678901234567890123456789";

    readonly RepositoryCopy _repository = new();
    readonly AbsolutePath _upstream;
    readonly string _fix;

    public BackportTests()
    {
        _upstream = _repository.Root / "upstream" / "keystone";
        Directory.CreateDirectory(_upstream);
        RepositoryCopy.Git(_upstream, "init", "--quiet");
        RepositoryCopy.Git(_upstream, "config", "uploadpack.allowFilter", "true");
        RepositoryCopy.Git(_upstream, "config", "uploadpack.allowAnySHA1InWant", "true");
        Commit("Begin", ("code.py", Lines()), ("other.py", Lines()), ("setup.cfg", "[metadata]\nname = keystone\n"));
        Release("27.0.2", "In other words", ("code.py", Lines((6, "line six"))));
        Release("28.0.2", "Further down", ("code.py", "a\nb\nc\n" + Lines()));
        _fix = Commit($"Fix six\n\nCVE-2031-12345 says why.\n\nCloses-Bug: #2085902\nChange-Id: {Id}",
            ("code.py", Lines((6, "line 6 fixed"))));
        Release("29.0.2", "Later");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task ReleasesGetWhatTheyNeedAndAConflictIsResolvedByHand()
    {
        (await _repository.RunAsync($"Backport --from {Id} {Of}")).ShouldFail("merged", "in the ref already",
            "hunk 1 of code.py 3 lines down", $"{_fix[..10]} 'Fix six' of ",
            "code.py:6: the release has 'line six', the change 'line 6 fixed'", "-line six\n+line 6 fixed",
            "./build.sh Backport --continue",
            "Build them: ./build.sh BuildService --service keystone --release 2025.2",
            "3 releases: 1 with new patches, 1 with nothing to do, 1 failed");
        Assert.Equal(["2025.2/0001-Fix-six.patch"], Patches("keystone"));
        var patch = File.ReadAllText(_repository.Root / "patches/keystone/2025.2/0001-Fix-six.patch");
        Assert.Contains("From: Test <test@example.org>\n", patch, StringComparison.Ordinal);
        Assert.Contains($"Closes-Bug: #2085902\nChange-Id: {Id}\n(cherry picked from commit {_fix})\n---\n", patch,
            StringComparison.Ordinal);
        AbsolutePath tree = _repository.Root / ".nuke/temp/backport/keystone/2025.1/tree";
        Assert.Contains("UU code.py", RepositoryCopy.Git(tree, "status", "--porcelain").Output,
            StringComparison.Ordinal);
        (await _repository.RunAsync($"Backport --continue {Of}")).ShouldFail("code.py:6", "there is a mark of it");
        (await _repository.RunAsync($"Backport --from {_fix} --release 2025.1 {Of}"))
            .ShouldFail("waits for its conflict to be resolved");
        File.WriteAllText(tree / "code.py", Lines((6, "line six fixed")));
        (await _repository.RunAsync($"Backport --continue {Of}")).ShouldSucceed();
        Assert.Contains("+line six fixed\n",
            File.ReadAllText(_repository.Root / "patches/keystone/2025.1/0001-Fix-six.patch"),
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(tree));
        (await _repository.RunAsync($"CheckPatches {Of}")).ShouldSucceed();
        var again = (await _repository.RunAsync($"Backport --from {_fix[..8]} {Of}")).ShouldSucceed();
        Assert.Contains("among the patches already", again.Output, StringComparison.Ordinal);
        Assert.Equal(["2025.1/0001-Fix-six.patch", "2025.2/0001-Fix-six.patch"], Patches("keystone"));
        (await _repository.RunAsync($"Backport --abort {Of}")).ShouldFail("no change waits for its conflict");
    }

    [Fact]
    public async Task ADryRunWritesNothingAndAnAbortTakesBack()
    {
        var before = Digest.OfDirectory(_repository.Root / "patches");
        (await _repository.RunAsync($"Backport --from master~1..master --dry-run {Of}"))
            .ShouldFail("is not the name of a git ref");
        (await _repository.RunAsync($"Backport --from {_fix} --dry-run {Of}")).ShouldFail(
            "would write patches/keystone/2025.2/0001-Fix-six.patch", "Without --dry-run");
        Assert.Equal(before, Digest.OfDirectory(_repository.Root / "patches"));
        Assert.False(Directory.Exists(_repository.Root / ".nuke/temp/backport"));
        (await _repository.RunAsync($"Backport --from {_fix} --release 2025.1 {Of}")).ShouldFail("conflicts");
        (await _repository.RunAsync($"Backport --abort {Of}")).ShouldSucceed();
        Assert.False(Directory.Exists(_repository.Root / ".nuke/temp/backport/keystone/2025.1"));
        Assert.Equal(before, Digest.OfDirectory(_repository.Root / "patches"));
    }

    /// <summary>A mail is merged from what it was made from, which the mirror has left with its remote.</summary>
    [Fact]
    public async Task AMailIsMergedAndItsConflictIsResolvedByHand()
    {
        Release("28.0.3", "Near it", ("code.py", Lines((8, "line eight"))));
        _repository.Edit("releases/2025.2/source-refs.yaml", "\"28.0.2\"", "\"28.0.3\"");
        _repository.Write("fix.patch", RepositoryCopy.Git(_upstream, "format-patch", "--stdout", "-1", _fix).Output);
        (await _repository.RunAsync($"Backport --from fix.patch --release 2025.1 2025.2 {Of}")).ShouldFail(
            "merged", "0001-Fix-six.patch: code.py is changed in other lines than upstream", "code.py:", "line six");
        Assert.Equal(["2025.2/0001-Fix-six.patch"], Patches("keystone"));
        AbsolutePath tree = _repository.Root / ".nuke/temp/backport/keystone/2025.1/tree";
        Assert.Contains("UU code.py", RepositoryCopy.Git(tree, "status", "--porcelain").Output,
            StringComparison.Ordinal);
        File.WriteAllText(tree / "code.py", Lines((6, "line six fixed")));
        RepositoryCopy.Git(tree, "add", "code.py");
        (await _repository.RunAsync($"Backport --continue {Of}")).ShouldSucceed();
        Assert.Equal(2, Patches("keystone").Count);
        (await _repository.RunAsync($"CheckPatches {Of}")).ShouldSucceed();
    }

    /// <summary>Whole or not at all: what applies of a series that conflicts is not written either.</summary>
    [Fact]
    public async Task ASeriesIsTakenInOrderBehindThePatchesThatAreThere()
    {
        var first = Commit("First", ("other.py", Lines((3, "three"))));
        var second = Commit("Second", ("other.py", Lines((3, "three"), (4, "four"))), ("data.bin", "\0\u0001\0"));
        _repository.Write("patches/keystone/2026.1/0007-there.patch", "From: A <a@example.org>\n"
            + "Date: Thu, 1 Jan 2026 00:00:00 +0000\nSubject: [PATCH] There\n\n---\n--- a/other.py\n+++ b/other.py\n"
            + "@@ -10,3 +10,3 @@\n line 10\n-line 11\n+eleven\n line 12\n");
        (await _repository.RunAsync($"Backport --from {_fix}..{second} --release 2026.1 {Of}")).ShouldSucceed();
        Assert.Equal(["2026.1/0007-there.patch", "2026.1/0008-First.patch", "2026.1/0009-Second.patch"],
            Patches("keystone"));
        Assert.Contains($"(cherry picked from commit {first})",
            File.ReadAllText(_repository.Root / "patches/keystone/2026.1/0008-First.patch"), StringComparison.Ordinal);
        Assert.Contains("GIT binary patch",
            File.ReadAllText(_repository.Root / "patches/keystone/2026.1/0009-Second.patch"), StringComparison.Ordinal);
        (await _repository.RunAsync($"CheckPatches --release 2026.1 {Of}")).ShouldSucceed();
        // The same change by the lines of it alone, whatever is said of it.
        _repository.Edit("patches/keystone/2026.1/0008-First.patch", $"(cherry picked from commit {first})\n", "");
        var known = (await _repository.RunAsync($"Backport --from {first} --release 2026.1 {Of}")).ShouldSucceed();
        Assert.Contains("among the patches already  0008-First.patch", known.Output, StringComparison.Ordinal);
        var third = Commit("Third", ("other.py", Lines((3, "three"), (4, "four"), (11, "otherwise"))));
        (await _repository.RunAsync($"Backport --from {second}..{third} --release 2026.1 {Of}"))
            .ShouldFail("other.py:", "conflicts with the release");
        Assert.Equal(3, Patches("keystone").Count);
    }

    [Fact]
    public async Task MailsAreTakenAndALibraryIsBuiltFromSourceFromThenOn()
    {
        AbsolutePath library = _repository.Root / "upstream/oslo.messaging";
        Directory.CreateDirectory(library);
        RepositoryCopy.Git(library, "init", "--quiet");
        Commit(library, "Begin", ("code.py", Lines()), ("setup.cfg", "[metadata]\nname = oslo.messaging\n"));
        foreach (var tag in (string[])["16.1.2", "17.1.0", "17.3.0"]) RepositoryCopy.Git(library, "tag", tag);
        Commit(library, "Fix the driver \u00e9", ("code.py", Lines((2, "two"))));
        Commit(library, "Fix more", ("code.py", Lines((2, "two"), (11, "eleven"))));
        _repository.Write("fix.mbox", RepositoryCopy.Git(library, "format-patch", "--stdout", "-2").Output);
        var run = (await _repository.RunAsync("Backport --from fix.mbox --service oslo.messaging --release all "
            + "--git-mirror ./upstream --no-logo")).ShouldSucceed();
        Assert.Contains("3 releases: 3 with new patches", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("oslo.messaging: \"16.1.2\"\n",
            File.ReadAllText(_repository.Root / "releases/2025.1/source-refs.yaml"), StringComparison.Ordinal);
        Assert.Equal(6, Patches("oslo.messaging").Count);
        var patch = File.ReadAllText(_repository.Root / "patches/oslo.messaging/2026.1/0002-Fix-more.patch");
        Assert.DoesNotContain("cherry picked", patch, StringComparison.Ordinal);
        RepositoryCopy.Git(library, "tag", "16.1.0", "16.1.2");
        _repository.Edit("releases/2025.1/source-refs.yaml", "\"16.1.2\"", "\"16.1.0\"");
        Assert.Contains("16.1.0 is 16.1.0, older than 16.1.2", (await _repository.RunAsync("Backport --from fix.mbox "
            + "--service oslo.messaging --release 2025.1 --git-mirror ./upstream --no-logo")).ShouldSucceed().Output,
            StringComparison.Ordinal);
    }

    /// <summary>What is written is committed; what else is changed, or staged, stays as it is.</summary>
    [Fact]
    public async Task WhatIsWrittenIsCommittedAndNothingElse()
    {
        var take = $"Backport --from {_fix} --release 2025.2 --commit-patches {Of}";
        (await _repository.RunAsync(take)).ShouldFail("is no git repository with a commit");
        RepositoryCopy.Git(_repository.Root, "init", "--quiet");
        RepositoryCopy.Git(_repository.Root, "add", "images");
        RepositoryCopy.Git(_repository.Root, "commit", "--quiet", "-m", "A part of it");
        RepositoryCopy.Git(_repository.Root, "add", "releases");
        (await _repository.RunAsync($"{take} --dry-run")).ShouldSucceed();
        Assert.False(Directory.Exists(_repository.Root / "patches/keystone"));
        (await _repository.RunAsync(take, ("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org"),
            ("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org"))).ShouldSucceed();
        Assert.Equal($"keystone: Fix six\n\nBackported to 2025.2:\n\n- {_fix[..10]} 'Fix six'\n\n\n"
            + "patches/keystone/2025.2/0001-Fix-six.patch",
            RepositoryCopy.Git(_repository.Root, "show", "--name-only", "--format=%B", "HEAD").Text);
        Assert.Contains("A  releases/2025.1/source-refs.yaml", RepositoryCopy.Git(_repository.Root, "status",
            "--porcelain").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangesUnderReviewAndPullRequestsAreFound()
    {
        RepositoryCopy.Git(_upstream, "checkout", "-q", "-b", "work", "29.0.2");
        var old = Commit("Under review", ("other.py", Lines((1, "old"))));
        RepositoryCopy.Git(_upstream, "update-ref", "refs/changes/34/901234/9", old);
        RepositoryCopy.Git(_upstream, "reset", "-q", "--hard", "29.0.2");
        var change = Commit("Under review", ("other.py", Lines((1, "new"))));
        RepositoryCopy.Git(_upstream, "update-ref", "refs/changes/34/901234/10", change);
        Commit("Of the same pull request", ("other.py", Lines((1, "new"), (12, "end"))));
        RepositoryCopy.Git(_upstream, "update-ref", "refs/pull/7/head", "HEAD");
        RepositoryCopy.Git(_upstream, "checkout", "-q", "master");
        RepositoryCopy.Git(_upstream, "branch", "-D", "work");
        const string address = "https://review.opendev.org/c/openstack/keystone/+/901234";
        async Task<BuildRun> TryAsync(string from) =>
            await _repository.RunAsync($"Backport --from {from} --release 2026.1 --dry-run {Of}");
        Assert.Contains(change[..10], (await TryAsync(address)).ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Contains(old[..10], (await TryAsync($"{address}/9")).ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Contains(old[..10], (await TryAsync("refs/changes/34/901234/9")).ShouldSucceed().Output,
            StringComparison.Ordinal);
        var pull = (await TryAsync("refs/pull/7/head")).ShouldSucceed().Output;
        Assert.Contains("0001-Under-review.patch", pull, StringComparison.Ordinal);
        Assert.Contains("0002-Of-the-same-pull-request.patch", pull, StringComparison.Ordinal);
        (await TryAsync("https://review.opendev.org/c/openstack/nova/+/901234")).ShouldFail(
            "the change is of openstack/nova, and --service names keystone", "--service nova");
        (await TryAsync("refs/changes/35/901235/1")).ShouldFail("there is no ref 'refs/changes/35/901235/1'");
        (await TryAsync(new string('0', 40))).ShouldFail($"has no commit {new string('0', 40)}");
        (await TryAsync("I9999999999999999999999999999999999999999")).ShouldFail("no branch has a change I9999");
        RepositoryCopy.Git(_upstream, "merge", "-q", "--no-ff", "-m", "Merge", "refs/pull/7/head");
        (await TryAsync("master")).ShouldFail("'Merge' is a merge", "Name the commits that it brings");
        RepositoryCopy.Git(_upstream, "commit", "-q", "--allow-empty", "-m", "Nothing");
        (await TryAsync("master")).ShouldFail("'Nothing' is empty");
        (await _repository.RunAsync($"Backport {Of}")).ShouldFail("no change is given. Name it with --from");
        (await _repository.RunAsync("Backport --from x --service keystne --no-logo")).ShouldFail(
            "there is no service or library 'keystne'. Did you mean 'keystone'");
    }

    /// <summary>What the component's own remote does not have, and the place of the address does.</summary>
    [Fact]
    public async Task AChangeOfAnotherPlaceIsFetchedFromThere()
    {
        AbsolutePath hub = _repository.Root / "hub/openstack/keystone";
        RepositoryCopy.Git(_repository.Root, "clone", "-q", _upstream, hub);
        var change = Commit(hub, "On the hub", ("other.py", Lines((2, "two"))));
        var other = Commit(hub, "And more", ("more.py", "more\n"));
        RepositoryCopy.Git(hub, "update-ref", "refs/pull/8/head", other);
        RepositoryCopy.Git(hub, "update-ref", "refs/changes/36/901236/1", change);
        RepositoryCopy.Git(hub, "reset", "-q", "--hard", "HEAD~2");
        async Task<BuildRun> TryAsync(string from) => await _repository.RunAsync(
            $"Backport --from {from} --release 2026.1 --dry-run {Of}", ("GIT_CONFIG_COUNT", "2"),
            ("GIT_CONFIG_KEY_0", $"url.file://{_repository.Root}/hub/.insteadOf"),
            ("GIT_CONFIG_VALUE_0", "https://github.com/"),
            ("GIT_CONFIG_KEY_1", $"url.file://{_repository.Root}/hub/openstack/.insteadOf"),
            ("GIT_CONFIG_VALUE_1", "https://review.example.org/openstack/"));
        var pull = (await TryAsync("https://github.com/openstack/keystone/pull/8")).ShouldSucceed().Output;
        Assert.Contains("0001-On-the-hub.patch", pull, StringComparison.Ordinal);
        Assert.Contains("0002-And-more.patch", pull, StringComparison.Ordinal);
        var review = (await TryAsync("https://review.example.org/c/openstack/keystone/+/901236")).ShouldSucceed()
            .Output;
        Assert.Contains("0001-On-the-hub.patch", review, StringComparison.Ordinal);
        (await TryAsync("https://github.com/openstack/keystone/pull/9")).ShouldFail(
            "there is no pull request 9 at https://github.com/openstack/keystone or "
            + "https://opendev.org/openstack/keystone", "It may be deleted");
    }

    /// <summary>Two runs take turns, and one that is killed leaves nothing that a later one believes.</summary>
    [Fact]
    public async Task TwoRunsAtOnceAndKilledOnesLeaveWholePatches()
    {
        var other = Commit("Other", ("other.py", Lines((3, "three"))));
        string Run(string change) => $"Backport --from {change} --release 2025.2 {Of}";
        foreach (var milliseconds in (int[])[300, 600, 900])
            await _repository.KillAsync(Run(_fix), TimeSpan.FromMilliseconds(milliseconds));
        var runs = await Task.WhenAll(_repository.RunAsync(Run(_fix)), _repository.RunAsync(Run(other)));
        foreach (var run in runs) run.ShouldSucceed();
        Assert.Equal(["0001", "0002"], Patches("keystone").Select(x => x.Split('/', '-')[1]));
        (await _repository.RunAsync($"CheckPatches {Of}")).ShouldSucceed();
    }

    IReadOnlyList<string> Patches(string component) =>
        [.. Directory.GetFiles(_repository.Root / "patches" / component, "*.patch", SearchOption.AllDirectories)
            .Select(x => Path.GetRelativePath(_repository.Root / "patches" / component, x))
            .Order(StringComparer.Ordinal)];

    void Release(string tag, string message, params (string Name, string Text)[] files)
    {
        RepositoryCopy.Git(_upstream, "checkout", "-q", "--detach");
        Commit(message, files);
        RepositoryCopy.Git(_upstream, "tag", tag);
        RepositoryCopy.Git(_upstream, "checkout", "-q", "master");
    }

    string Commit(string message, params (string Name, string Text)[] files) => Commit(_upstream, message, files);

    static string Commit(AbsolutePath directory, string message, params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files) File.WriteAllText(directory / name, text);
        RepositoryCopy.Git(directory, "add", "--all");
        RepositoryCopy.Git(directory, "commit", "--quiet", "--allow-empty", "-m", message);
        return RepositoryCopy.Git(directory, "rev-parse", "HEAD").Text;
    }

    static string Lines(params (int Number, string Text)[] changed) => string.Concat(Enumerable.Range(1, 12)
        .Select(x => (changed.FirstOrDefault(y => y.Number == x).Text ?? $"line {x}") + "\n"));
}
