using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Tests.Locks;
using OpenStack.Tests.Sources;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>Updates of a small repository, with real git on both sides.</summary>
public sealed class UpdateTests : IDisposable
{
    const string Refs = "# what is built\nkeystone: \"27.0.2\"  # as released\n\n# the compute service\n"
        + "nova: '31.3.0' # keep\noslo.config: { url: https://example.org/oslo.config, ref: \"9.7.1\" }\n";

    readonly UpstreamReleases _upstream = new();
    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _repository;

    public UpdateTests()
    {
        _repository = new Upstream(_temporary / "repository");
        var nova = _upstream["nova"];
        nova.Commit("Begin", ("nova/a.py", Lines(40)), ("nova/b.py", Lines(40)));
        nova.Tag("31.3.0");
        _repository.Commit(
            "Begin",
            ("releases/2025.1/source-refs.yaml", Refs),
            ("releases/2025.1/source-refs.lock.yaml",
                $"keystone: {{ tag: \"27.0.2\", commit: \"{new string('b', 40)}\" }}\n"
                + $"nova: {{ tag: \"31.3.0\", commit: \"{nova.Git("rev-parse", "31.3.0^{}")}\" }}\n"),
            ("releases/2025.1/upper-constraints.txt", "pbr===7.0.0\nuwsgi===2.0.28\n"),
            ("overrides/2025.1/constraints.txt", "uwsgi===2.0.30 # a fix\n-pbr\n"),
            ("images/keystone/Dockerfile", "FROM scratch\n"),
            ("images/nova/Dockerfile", "FROM scratch\n"),
            ("patches/nova/2025.1/0001-ours.patch", Patch("nova/a.py", 5, "five", "Ours")),
            ("patches/nova/2025.1/0002-theirs.patch", Patch("nova/a.py", 20, "twenty", "Fix the leak")),
            ("patches/nova/2025.1/0003-conflict.patch", Patch("nova/b.py", 20, "twenty", "Fix it")),
            ("notes.txt", "notes\n"));
        nova.Commit("Fix the leak\n\nCloses-Bug: #2085902\nSecurity: CVE-2026-12345 and ossa-2026-001",
            ("nova/a.py", Edited(20, "twenty")));
        nova.Commit("Tidy | `up` <b>");
        nova.Tag("31.3.1");
        nova.Commit("Change b\n\n---\nRelated-Bug: #101\nCloses-Bug: #202, #303", ("nova/b.py", Edited(20, "zwanzig")));
        nova.Tag("31.3.2");
    }

    AbsolutePath Git => _temporary / "repository" / ".git";

    string Head => _repository.Git("rev-parse", "HEAD");

    public void Dispose()
    {
        _upstream.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task AnUpdateChangesTheRefAndTheLockAndRemovesWhatIsUpstream()
    {
        using var tree = await TreeAsync();
        var update = await DraftAsync(tree, "31.3.1");
        Assert.Equal(
            ["patches/nova/2025.1/0002-theirs.patch", "releases/2025.1/source-refs.lock.yaml",
                "releases/2025.1/source-refs.yaml"], update.Files.Keys);
        Assert.Equal(Refs.Replace("'31.3.0'", "\"31.3.1\"", StringComparison.Ordinal),
            update.Files["releases/2025.1/source-refs.yaml"]);
        var commit = _upstream["nova"].Git("rev-parse", "31.3.1^{}");
        Assert.Contains($"\nnova: {{ tag: \"31.3.1\", commit: \"{commit}\" }}\n",
            update.Files["releases/2025.1/source-refs.lock.yaml"], StringComparison.Ordinal);
        Assert.Contains($"\nkeystone: {{ tag: \"27.0.2\", commit: \"{new string('b', 40)}\" }}\n",
            update.Files["releases/2025.1/source-refs.lock.yaml"], StringComparison.Ordinal);
        Assert.False(update.IsBroken);
        Assert.Equal(["CVE-2026-12345", "OSSA-2026-001"], update.Changes!.Vulnerabilities);
        Assert.Equal([2085902], update.Changes.Bugs);
        Assert.Equal(["Tidy | `up` <b>", "Fix the leak"], update.Changes.Commits.Select(x => x.Subject));
    }

    [Fact]
    public async Task ThePullRequestSaysWhatChangesAndWhatBecomesOfThePatches()
    {
        using var tree = await TreeAsync();
        var update = await DraftAsync(tree, "31.3.2");
        Assert.True(update.IsBroken);
        Assert.Equal([202, 303, 2085902], update.Changes!.Bugs);
        await Verify($"{update.Branch}\n\n{update.Message}\n{PullRequestText.Of(update)}"
            .Replace(_upstream.Directory.ToString(), "/upstream", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ACommitOnABranchOfItsOwnTouchesNothingElse()
    {
        File.WriteAllText(_temporary / "repository" / "notes.txt", "dirty\n");
        File.WriteAllText(_temporary / "repository" / "staged.txt", "staged\n");
        _repository.Git("add", "staged.txt");
        var (status, index) = (_repository.Git("status", "--porcelain"), File.ReadAllBytes(Git / "index"));
        var (outcome, commit) = await UpdateAsync();
        Assert.Equal(BranchOutcome.Created, outcome);
        Assert.Equal((status, Head),
            (_repository.Git("status", "--porcelain"), _repository.Git("rev-parse", $"{commit}^")));
        Assert.Equal(index, File.ReadAllBytes(Git / "index"));
        Assert.Equal("update/2025.1/nova",
            _repository.Git("for-each-ref", "--format=%(refname:short)", "refs/heads/update"));
        Assert.Equal("D\tpatches/nova/2025.1/0002-theirs.patch\nM\treleases/2025.1/source-refs.lock.yaml\n"
            + "M\treleases/2025.1/source-refs.yaml", _repository.Git("diff", "--name-status", "HEAD", commit));
        Assert.Empty(Directory.GetFileSystemEntries(_temporary / "temp"));
    }

    [Fact]
    public async Task AgainIsTheSameCommitEvenWhereTheRepositoryHasMovedOn()
    {
        var (_, first) = await UpdateAsync();
        Assert.Equal((BranchOutcome.Unchanged, first), await UpdateAsync());
        _repository.Commit("Notes", ("notes.txt", "other\n"));
        Assert.Equal((BranchOutcome.Unchanged, first), await UpdateAsync());
        _repository.Commit("Keystone",
            ("releases/2025.1/source-refs.yaml", Refs.Replace("27.0.2", "27.0.3", StringComparison.Ordinal)));
        var (outcome, renewed) = await UpdateAsync();
        Assert.Equal((BranchOutcome.Renewed, Head), (outcome, _repository.Git("rev-parse", $"{renewed}^")));
        Assert.Equal(BranchOutcome.Renewed, (await UpdateAsync("31.3.2")).Outcome);
        Assert.Equal(BranchOutcome.Unchanged, (await UpdateAsync("31.3.2")).Outcome);
    }

    [Fact]
    public async Task ABranchThatSomebodyWorksOnIsLeftAlone()
    {
        await UpdateAsync();
        _repository.Git("checkout", "-q", "update/2025.1/nova");
        Assert.Equal(BranchOutcome.Unchanged, (await UpdateAsync(@base: "master")).Outcome);
        Assert.Equal(BranchOutcome.Taken, (await UpdateAsync("31.3.2", @base: "master")).Outcome);
        var theirs = _repository.Commit("By hand");
        _repository.Git("checkout", "-q", "master");
        Assert.Equal((BranchOutcome.Taken, theirs), await UpdateAsync("31.3.2"));
    }

    [Fact]
    public async Task TheBranchIsPushedUnlessItWasPushedToMeanwhile()
    {
        _repository.Git("clone", "-q", "--bare", ".", _temporary / "remote.git");
        _repository.Git("remote", "add", "origin", _temporary / "remote.git");
        var branches = new UpdateBranches(Git, "origin");
        await branches.FetchAsync(Head, "master");
        var (_, commit) = await UpdateAsync(branches: branches);
        Assert.Equal(commit, _repository.Git("ls-remote", "origin", "refs/heads/update/2025.1/nova").Split('\t')[0]);
        Assert.Equal(BranchOutcome.Unchanged, (await UpdateAsync(branches: branches)).Outcome);
        // In a fresh clone there are no branches but those of the remote.
        _repository.Git("update-ref", "-d", "refs/heads/update/2025.1/nova");
        _repository.Git("update-ref", "-d", "refs/updates/origin/update/2025.1/nova");
        await branches.FetchAsync(Head, "master");
        Assert.Equal((BranchOutcome.Unchanged, commit), await UpdateAsync(branches: branches));
        _repository.Git("--git-dir", _temporary / "remote.git", "update-ref", "refs/heads/update/2025.1/nova", Head);
        var e = await Assert.ThrowsAsync<ProblemException>(() => UpdateAsync("31.3.2", branches: branches));
        Assert.Contains("'origin' does not take the branch update/2025.1/nova", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheRemoteDoesNotHaveIsNoBase()
    {
        _repository.Git("clone", "-q", "--bare", ".", _temporary / "remote.git");
        _repository.Git("remote", "add", "origin", _temporary / "remote.git");
        _repository.Commit("Not pushed");
        var branches = new UpdateBranches(Git, "origin");
        Assert.Contains("is not part of the branch master at 'origin'. Push it first",
            (await Assert.ThrowsAsync<ProblemException>(() => branches.FetchAsync(Head, "master"))).Message,
            StringComparison.Ordinal);
        _repository.Git("clone", "-q", "--depth", "1", $"file://{_temporary / "remote.git"}", _temporary / "shallow");
        var shallow = new UpdateBranches(_temporary / "shallow" / ".git", "origin");
        Assert.Contains("fetch-depth: 0",
            (await Assert.ThrowsAsync<ProblemException>(() => shallow.FetchAsync(Head, "master"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotCommittedIsNotUpdated()
    {
        using var tree = await TreeAsync();
        var (from, to) = (Resolved("31.3.1"), Resolved("31.3.2"));
        var e =
            await Assert.ThrowsAsync<ProblemException>(() => new Drafting(tree).TagAsync(Mirror, from, to, "2025.1"));
        Assert.Equal("nova 2025.1: what is committed is not 31.3.1. Commit releases/ first", e.Message);
    }

    [Fact]
    public async Task UpperConstraintsAreTakenAsTheyAreAndOverridesChecked()
    {
        using var tree = await TreeAsync();
        var text = "# WARNING\npbr===7.0.3\nuwsgi===2.0.30\n";
        var upstream = new UpstreamConstraints("stable/2025.1", new string('c', 40), text,
            UpperConstraints.Parse(text, "u"));
        var update = new Drafting(tree).Constraints("2025.1", upstream, DateTimeOffset.UnixEpoch)!;
        Assert.Equal(text, update.Files["releases/2025.1/upper-constraints.txt"]);
        Assert.False(update.IsBroken);
        await Verify($"{update.Branch}\n\n{update.Message}\n{PullRequestText.Of(update)}");
    }

    [Fact]
    public async Task TheLifeOfAReleaseIsRecordedAndRefreshed()
    {
        _upstream.Releases.Commit("Something else", ("README", "x\n"));
        var data = (await _upstream.ReadAsync()).Data;
        var date = await data.SeriesDateAsync(_upstream.MirrorOf("releases", _upstream.Releases.Url));
        Assert.Equal(_upstream.Releases.Git("log", "-1", "--format=%ct", "HEAD~1"), $"{date.ToUnixTimeSeconds()}");
        using (var tree = await TreeAsync())
        {
            var update = new Drafting(tree).LifeCycle(data.Series["2025.1"], data.Commit, date)!;
            Assert.Equal(("2025.1/series", "Life cycle of 2025.1 (Epoxy): unmaintained"), (update.Group, update.Title));
            Assert.Contains($"commit `{data.Commit}`: nothing was recorded → unmaintained.", update.What,
                StringComparison.Ordinal);
            Assert.False(update.IsBroken);
            var files = Assert.Single(update.Files);
            Assert.Equal("releases/2025.1/series.yaml", files.Key);
            Assert.Equal(SeriesFile.TextOf(data.Series["2025.1"]), files.Value);
        }

        var planned = data.Series["2025.1"] with
        {
            Status = SeriesStatus.Maintained,
            NextStatus = SeriesStatus.Unmaintained,
            NextDate = new DateOnly(2026, 10, 2),
        };
        _repository.Commit("Record", ("releases/2025.1/series.yaml", SeriesFile.TextOf(planned)));
        using (var tree = await TreeAsync())
        {
            var update = new Drafting(tree).LifeCycle(data.Series["2025.1"], data.Commit, date)!;
            Assert.Contains("maintained; unmaintained from 2026-10-02 on → unmaintained since 2026-10-02.", update.What,
                StringComparison.Ordinal);
            _repository.Commit("Refresh", ("releases/2025.1/series.yaml", Assert.Single(update.Files).Value!));
        }

        using (var tree = await TreeAsync())
            Assert.Null(new Drafting(tree).LifeCycle(data.Series["2025.1"], data.Commit, date));
    }

    [Fact]
    public async Task AnOverrideThatHasNothingToActOnMakesADraft()
    {
        using var tree = await TreeAsync();
        var text = "uwsgi===2.0.31\n";
        var update = new Drafting(tree).Constraints("2025.1",
            new UpstreamConstraints("stable/2025.1", new string('c', 40), text, UpperConstraints.Parse(text, "u")),
            DateTimeOffset.UnixEpoch)!;
        Assert.Equal("overrides/2025.1/constraints.txt:2:1: 'pbr' is to be removed, but is not there. Remove this line",
            Assert.Single(update.Problems).ToString());
        Assert.True(update.IsBroken);
        Assert.Contains("- overrides/2025.1/constraints.txt:2:1: 'pbr' is to be removed", PullRequestText.Of(update),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocksThatWereWrittenAnewAreAnUpdateOfTheirOwn()
    {
        AbsolutePath written = _temporary / "repository" / "releases";
        void Write(params IReadOnlyList<InputLock> locks)
        {
            foreach (var of in locks) AtomicFile.WriteText(of.Subject.FileBelow(written), of.ToText());
        }

        var keystone = SmallLock.Keystone;
        var pythonBase = keystone with
        {
            Subject = keystone.Subject with { Image = "python-base", Release = null },
        };
        Write(keystone, pythonBase);
        _repository.Commit("Locks");
        Write(keystone with
        {
            Inputs = [.. keystone.Inputs.Select(x => x switch
            {
                LockedFile { Kind: FileKind.Deb } => SmallLock.Deb("libpq5", "17.7-0+deb13u1", 'f'),
                LockedSuite { Name: "trixie" } suite => suite with
                {
                    Sha256 = SmallLock.Hex('7'), Date = suite.Date.AddDays(7),
                },
                LockedCommit commit => commit with { Ref = "27.0.3", Commit = new string('8', 40) },
                LockedFile { Kind: FileKind.Wheel } six => six with
                {
                    PackageVersion = "1.18.0", Sha256 = SmallLock.Hex('9'),
                },
                _ => x,
            })],
        });
        using var tree = await TreeAsync();
        Assert.Null(new Drafting(tree).Locks(null, written, "releases"));
        var update = new Drafting(tree).Locks("2025.1", written, "releases")!;
        Assert.Equal(["releases/2025.1/locks/keystone.linux-amd64.lock"], update.Files.Keys);
        await Verify($"{update.Branch}\n\n{update.Message}\n{PullRequestText.Of(update)}");
        var commit = await tree.CommitAsync(update.Files.Keys, update.Message, update.Date);
        Assert.Equal("M\treleases/2025.1/locks/keystone.linux-amd64.lock",
            _repository.Git("diff", "--name-status", "HEAD", commit));
        Assert.Equal(File.ReadAllText(keystone.Subject.FileBelow(written)),
            _repository.Git("show", $"{commit}:releases/2025.1/locks/keystone.linux-amd64.lock") + "\n");
    }

    [Fact]
    public async Task WithoutADifferenceThereIsNoUpdate()
    {
        using var tree = await TreeAsync();
        var text = "uwsgi===2.0.28\n# other order\nPBR===7.0.0\n";
        Assert.Null(new Drafting(tree).Constraints("2025.1",
            new UpstreamConstraints("b", new string('c', 40), text, UpperConstraints.Parse(text, "u")),
            DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task AgeIsThatOfTheTag()
    {
        var (nova, mirror) = (_upstream["nova"], Mirror);
        await mirror.EnsureAsync(nova.Git("rev-parse", "HEAD"));
        var first = (await TagAge.OfAsync(mirror, "31.3.1"))!;
        Assert.True(first.IsOfTag);
        Assert.Equal("31.3.2", (await NewestAsync(null)).Tag);
        Assert.Equal("31.3.1", (await NewestAsync(first.At)).Tag);
        var none = await NewestAsync(first.At - TimeSpan.FromSeconds(1));
        Assert.Equal((null, "31.3.2 was tagged on 2023-11-14"), (none.Tag, none.Waiting));
        Assert.Null(await TagAge.OfAsync(mirror, "none"));

        Task<OldEnoughTag> NewestAsync(DateTimeOffset? before) =>
            TagAge.NewestAsync(mirror, ["31.3.1", "31.3.2"], before, DateTimeOffset.UtcNow);
    }

    /// <summary>git-tag: a lightweight tag has no date. Made today on a commit of last year, it is of today.</summary>
    [Fact]
    public async Task ATagWithoutADateIsAsOldAsItWasSeen()
    {
        var (nova, mirror) = (_upstream["nova"], Mirror);
        nova.Git("tag", "31.3.3", "31.3.1^{}");
        await mirror.EnsureAsync(nova.Git("rev-parse", "HEAD"));
        var today = new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);
        async Task<OldEnoughTag> AtAsync(DateTimeOffset now) =>
            await TagAge.NewestAsync(mirror, ["31.3.2", "31.3.3"], now.AddDays(-7), now);
        var found = await AtAsync(today);
        Assert.Equal(("31.3.2", "31.3.3 has no date of its own (commit of 2023-11-14), and was first seen here on "
            + "2026-11-28"), (found.Tag, found.Waiting));
        Assert.Equal("31.3.2", (await AtAsync(today.AddDays(6))).Tag);
        Assert.Equal("31.3.3", (await AtAsync(today.AddDays(7))).Tag);
        // Moved, it is another one.
        nova.Git("tag", "--force", "31.3.3", "HEAD");
        mirror.MarkBehind();
        await mirror.EnsureAsync(nova.Git("rev-parse", "HEAD"));
        Assert.Equal("31.3.2", (await AtAsync(today.AddDays(8))).Tag);

        using var tree = await TreeAsync();
        Assert.EndsWith(", commit of 2023-11-14.", (await DraftAsync(tree, "31.3.3")).What, StringComparison.Ordinal);
    }

    /// <summary>git cannot have a branch beside one below it: refs are files and directories
    /// (git-check-ref-format).</summary>
    [Fact]
    public async Task ABranchThatIsInTheWayIsNamed()
    {
        _repository.Git("branch", "update");
        var e = await Assert.ThrowsAsync<ProblemException>(() => UpdateAsync());
        Assert.EndsWith("git cannot have a branch 'update' beside one below it: rename or delete 'update' here, and "
            + "run the same command again", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Install git", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhyTheRemoteRefusesIsToldAsItSays()
    {
        var branches = await RemoteAsync();
        _repository.Git("--git-dir", _temporary / "remote.git", "branch", "update", "master");
        var e = await Assert.ThrowsAsync<ProblemException>(() => UpdateAsync(branches: branches));
        Assert.Contains("'origin' does not take the branch update/2025.1/nova", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("token", e.Message, StringComparison.Ordinal);
        _repository.Git("--git-dir", _temporary / "remote.git", "branch", "-D", "update");

        var hook = _temporary / "remote.git" / "hooks" / "pre-receive";
        Directory.CreateDirectory(hook.Parent!);
        File.WriteAllText(hook, "#!/bin/sh\necho 'GH013: Repository rule violations found' >&2\nexit 1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        e = await Assert.ThrowsAsync<ProblemException>(() => UpdateAsync(branches: branches));
        Assert.Contains("GH013", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Let the rules of the repository admit the branch", e.Message,
            StringComparison.Ordinal);
        File.Delete(hook);
        Assert.Equal(BranchOutcome.Created, (await UpdateAsync(branches: branches)).Outcome);
    }

    /// <summary>What the user's repository remembers of the remote may be of long ago.</summary>
    [Theory]
    [InlineData("refs/remotes/origin/update")]
    [InlineData("refs/remotes/origin/update/2025.1")]
    [InlineData("refs/remotes/origin/master/old")]
    public async Task WhatIsLeftOfABranchThatIsGoneIsInNobodysWay(string stale)
    {
        await RemoteAsync();
        _repository.Git("update-ref", "-d", "refs/remotes/origin/master");
        _repository.Git("update-ref", stale, "HEAD");
        var branches = new UpdateBranches(Git, "origin");
        await branches.FetchAsync(Head, "master");
        Assert.Equal(BranchOutcome.Created, (await UpdateAsync(branches: branches)).Outcome);
        Assert.Equal(BranchOutcome.Unchanged, (await UpdateAsync(branches: branches)).Outcome);
        Assert.Equal(Head, _repository.Git("rev-parse", stale));
    }

    [Fact]
    public async Task WhatIsMissingIsSaid()
    {
        var branches = await RemoteAsync();
        Assert.Equal("'origin' has no branch main. Push it first, or name the branch that updates are for with "
            + "--base-branch",
            (await Assert.ThrowsAsync<ProblemException>(() => branches.FetchAsync(Head, "main"))).Message);
        Assert.StartsWith("this repository has no remote 'upstream' that", (await Assert.ThrowsAsync<ProblemException>(
            () => new UpdateBranches(Git, "upstream").FetchAsync(Head, "master"))).Message, StringComparison.Ordinal);
        Assert.Contains(" is no git repository with a commit: it has no .git. Updates are branches of it. Clone",
            (await Assert.ThrowsAsync<ProblemException>(() =>
                new UpdateBranches(_temporary / "nowhere" / ".git", null).HeadAsync())).Message,
            StringComparison.Ordinal);
        var empty = new Upstream(_temporary / "empty");
        Assert.Contains("in which nothing is committed yet. Updates", (await Assert.ThrowsAsync<ProblemException>(() =>
            new UpdateBranches(empty.GitDirectory, null).HeadAsync())).Message, StringComparison.Ordinal);
        File.WriteAllText(empty.GitDirectory / "HEAD", "nonsense\n");
        Assert.Contains("is no repository that git takes", (await Assert.ThrowsAsync<ProblemException>(() =>
            new UpdateBranches(empty.GitDirectory, null).HeadAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOverrideIsTakenToAnotherVersionAndKeepsItsComment()
    {
        using var tree = await TreeAsync();
        var finding = new Finding(Subject.Python, "2025.1", "uwsgi", "2.0.30", FindingState.Outdated, "2.0.31",
            File: "overrides/2025.1/constraints.txt", Line: 1)
        { Newer = ["2.0.31"] };
        var update = new Drafting(tree)
            .Override("2025.1", [finding], "2.0.31", new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero),
            "https://pypi.org");
        Assert.Equal("uwsgi===2.0.31 # a fix\n-pbr\n", update.Files["overrides/2025.1/constraints.txt"]);
        Assert.False(update.IsBroken);
        Assert.Equal("update/2025.1/overrides/uwsgi", update.Branch);
        Assert.StartsWith("The pin of `uwsgi` in `overrides/2025.1/constraints.txt`: `2.0.30` → `2.0.31`, of "
            + "https://pypi.org, there since 2026-01-02.\n", PullRequestText.Of(update), StringComparison.Ordinal);
        var commit = await tree.CommitAsync(update.Files.Keys, update.Message, update.Date);
        Assert.Equal("M\toverrides/2025.1/constraints.txt", _repository.Git("diff", "--name-status", "HEAD", commit));
        var e = Assert.Throws<ProblemException>(() => new Drafting(tree)
            .Override("2025.1", [finding with { Current = "2.0.9" }], "2.0.31", null, "x"));
        const string said = "what is committed is not uwsgi 2.0.9. Commit overrides/ first";
        Assert.Equal($"overrides/2025.1/constraints.txt:1: {said}", e.Message);
    }

    [Theory]
    [InlineData("uwsgi===2.0.28", "uwsgi===2.0.30")]
    [InlineData("  uWSGI == 2.0.28  # why 2.0.28", "  uWSGI == 2.0.30  # why 2.0.28")]
    [InlineData("uwsgi==2.0.28;python_version>='3.10'\r", "uwsgi==2.0.30;python_version>='3.10'\r")]
    [InlineData("uwsgi==2.0.28 \\", "uwsgi==2.0.30 \\")]
    [InlineData("uwsgi===2.0.281", null)]
    [InlineData("uwsgitop===2.0.28", null)]
    [InlineData("-uwsgi", null)]
    [InlineData("# uwsgi===2.0.28", null)]
    public void OfALineTheVersionAloneIsChanged(string line, string? expected) =>
        Assert.Equal(expected, OverrideLine.WithVersion(line, line.Contains("uWSGI", StringComparison.Ordinal)
            ? "uWSGI" : "uwsgi", "2.0.28", "2.0.30"));

    [Fact]
    public void TheLastLineOfARunIsTrue()
    {
        var outcomes = new UpdateOutcomes();
        Assert.Equal("nothing is behind", outcomes.Summary(unknown: 0));
        Assert.Equal("nothing is known to be behind, 3 not known", outcomes.Summary(unknown: 3));
        outcomes.Fail();
        Assert.Equal("1 failed", outcomes.Summary(unknown: 0));
        outcomes.Wait();
        outcomes.Add("opened");
        outcomes.Add("taken");
        outcomes.Add("opened");
        Assert.Equal("2 opened, 1 taken, 1 not old enough, 1 failed, 2 not known", outcomes.Summary(unknown: 2));
    }

    [Fact]
    public void ADescriptionIsNeverLongerThanGitHubTakes()
    {
        var commits = Enumerable.Range(0, 5_000)
            .Select(x => new UpstreamChange($"{x:d40}", new string('_', 500), DateTimeOffset.UnixEpoch))
            .ToList();
        var update = new UpdateDraft("g", "t", new Dictionary<string, string?>(), DateTimeOffset.UnixEpoch)
        {
            What = "What",
            Changes = new UpstreamChanges(commits, ["CVE-2026-12345"], []),
            Pins = [.. Enumerable.Range(0, 2_000).Select(x => new PinChange($"distribution-{x}", "1", "2", false))],
        };
        var text = PullRequestText.Of(update);
        Assert.InRange(text.Length, 100, 65_000);
        Assert.Contains("CVE-2026-12345", text, StringComparison.Ordinal);
        Assert.Contains("The rest is too long for this page.", text, StringComparison.Ordinal);
    }

    /// <summary>A remote that has what is committed, fetched.</summary>
    async Task<UpdateBranches> RemoteAsync()
    {
        _repository.Git("clone", "-q", "--bare", ".", _temporary / "remote.git");
        _repository.Git("remote", "add", "origin", _temporary / "remote.git");
        var branches = new UpdateBranches(Git, "origin");
        await branches.FetchAsync(Head, "master");
        return branches;
    }

    Mirror Mirror => _upstream.MirrorOf("nova", _upstream["nova"].Url);

    Task<UpdateTree> TreeAsync(string @base = "HEAD") =>
        UpdateTree.OfAsync(Git, _repository.Git("rev-parse", @base), _temporary / "temp" / $"{Guid.NewGuid():N}");

    Task<UpdateDraft> DraftAsync(UpdateTree tree, string to) =>
        new Drafting(tree).TagAsync(Mirror, Resolved("31.3.0"), Resolved(to), "2025.1");

    async Task<(BranchOutcome Outcome, string Commit)> UpdateAsync(string to = "31.3.1", string @base = "HEAD",
        UpdateBranches? branches = null)
    {
        using var tree = await TreeAsync(@base);
        var update = await DraftAsync(tree, to);
        return await (branches ?? new UpdateBranches(Git, null)).MoveAsync(update, _repository.Git("rev-parse", @base),
            await tree.CommitAsync(update.Files.Keys, update.Message, update.Date));
    }

    ResolvedRef Resolved(string tag) =>
        new("nova", _upstream["nova"].Url, tag, RefKind.Tag, _upstream["nova"].Git("rev-parse", $"{tag}^{{}}"));

    static string Lines(int count) => string.Concat(Enumerable.Range(1, count).Select(x => $"{x}\n"));

    static string Edited(int line, string text) =>
        Lines(40).Replace($"\n{line}\n", $"\n{text}\n", StringComparison.Ordinal);

    static string Patch(string file, int line, string text, string subject) =>
        $"From: A <a@example.org>\nDate: Tue, 14 Nov 2023 22:00:00 +0000\nSubject: [PATCH] {subject}\n\n---\n--- "
        + $"a/{file}\n+++ b/{file}\n@@ -{line - 1},3 +{line - 1},3 @@\n {line - 1}\n-{line}\n+{text}\n {line + 1}\n";
}
