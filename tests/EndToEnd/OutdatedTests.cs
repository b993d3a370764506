using System.Text.Json.Nodes;
using OpenStack.Catalog;
using OpenStack.Tests.Updates;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Outdated and Update as commands, against local remotes that play opendev.org.</summary>
public sealed class OutdatedTests : IDisposable
{
    readonly RepositoryCopy _repository = new();
    readonly UpstreamReleases _upstream = new();

    public OutdatedTests()
    {
        foreach (var (codename, release) in ((string, string)[])[("epoxy", "2025.1"), ("flamingo", "2025.2"),
            ("hibiscus", "2026.1")])
        {
            _repository.Edit($"releases/{release}/source-refs.yaml", "nova: ", "# nova\nnova: ");
            LeaveOutWhatIsElsewhere(release);
            _repository.Write($"releases/{release}/series.yaml", SeriesFile.TextOf(SeriesOf(codename, release)));
            foreach (var line in File.ReadAllLines(_repository.Root / "releases" / release / "source-refs.yaml")
                .Where(x => x.Contains(": \"", StringComparison.Ordinal)))
                _upstream.Release(codename, RepositoryIn(line), line.Split('"')[1]);
            _upstream["requirements"].Commit(release, ("upper-constraints.txt",
                File.ReadAllText(_repository.Root / "releases" / release / "upper-constraints.txt")));
            _upstream["requirements"].Git("branch", $"stable/{release}");
        }

        // Not what the image of that name is made of.
        _upstream.Releases.Commit("openstackclient", ("deliverables/_independent/openstackclient.yaml",
            "releases:\n  - version: 0.1.0\n"));

        // One of 2025.1 gets another version; it is the only thing that is behind.
        var series = _upstream.Directory / "releases/data/series_status.yaml";
        File.WriteAllText(series, File.ReadAllText(series)
            .Replace("2026.2", "2026.1", StringComparison.Ordinal)
            .Replace("2027-", "2927-", StringComparison.Ordinal));
        var nova = _upstream["nova"];
        nova.Commit("Fix the leak\n\nCloses-Bug: #2085902");
        nova.Tag("31.99.0");
        File.AppendAllText(_upstream.Directory / "releases/deliverables/epoxy/nova.yaml",
            "  - version: 31.99.0\n    projects:\n      - repo: openstack/nova\n"
            + $"        hash: {nova.Git("rev-parse", "HEAD")}\n");
        _upstream.Releases.Commit("Release nova");
        RepositoryCopy.Git(_repository.Root, "init", "-q");
        RepositoryCopy.Git(_repository.Root, "add", "--all");
        RepositoryCopy.Git(_repository.Root, "commit", "-q", "-m", "Begin");
    }

    /// <summary>Of a component whose repository has another name, that one.</summary>
    static string RepositoryIn(string line) =>
        line.Contains('/') ? line.TrimEnd(' ', '}').Split('/')[^1] : line.Split(':')[0];

    /// <summary>Nobody plays the repositories that are not with all the others.</summary>
    void LeaveOutWhatIsElsewhere(string release)
    {
        var refs = _repository.Root / "releases" / release / "source-refs.yaml";
        File.WriteAllLines(refs, File.ReadAllLines(refs)
            .Where(x => !x.Contains("url: https://github.com/", StringComparison.Ordinal)));
        _repository.Edit($"releases/{release}/extra-packages.yaml", "\novn:\n  plugins: [ovs]\n", "\n");
        File.Delete(_repository.Root / "images" / "groups.yaml");
    }

    /// <summary>As the openstack/releases of this test has it.</summary>
    static Series SeriesOf(string codename, string release) => release switch
    {
        "2025.1" => new Series(release, codename, SeriesStatus.Unmaintained) { IsSlurp = true },
        "2025.2" => new Series(release, codename, SeriesStatus.Maintained)
        {
            NextStatus = SeriesStatus.EndOfLife,
            NextDate = new DateOnly(2927, 4, 28),
        },
        _ => new Series(release, codename, SeriesStatus.Development) { InitialRelease = new DateOnly(2026, 9, 30) },
    };

    public void Dispose()
    {
        _repository.Dispose();
        _upstream.Dispose();
    }

    [Fact]
    public async Task WhatIsBehindIsListedAndThePolicyDecidesWhatFails()
    {
        var outdated = $"Outdated --git-mirror {_upstream.Directory} --only series refs constraints --no-logo";
        var run = (await _repository.RunAsync(outdated)).ShouldSucceed();
        Assert.Contains("1 outdated", run.Output, StringComparison.Ordinal);
        var report = JsonNode.Parse(File.ReadAllText(_repository.Root / "artifacts/outdated.json"))!;
        var behind = Assert.Single(report["findings"]!.AsArray(), x => (string?)x!["state"] == "outdated")!;
        Assert.Equal(("nova", "2025.1", "31.99.0"),
            ((string?)behind["name"], (string?)behind["release"], (string?)behind["newest"]));
        Assert.All(report["findings"]!.AsArray().Where(x => (string?)x!["name"] == "openstackclient"),
            x => Assert.Equal("current", (string?)x!["state"]));
        // Images and their plugins.
        Assert.Equal(CatalogLoader.Load(_repository.Root).Releases.Values.Sum(x => x.SourceRefs.Count),
            report["findings"]!.AsArray().Count(x => (string?)x!["subject"] == "refs"));
        Assert.StartsWith("### Outdated", File.ReadAllText(_repository.Root / "artifacts/outdated.md"));
        (await _repository.RunAsync($"{outdated} --fail-when outdated"))
            .ShouldFail("nova 31.3.1 is outdated: 1 version behind. The newest is 31.99.0");
        (await _repository.RunAsync($"{outdated} --fail-when eol"))
            .ShouldFail("releases/2025.1/series.yaml: epoxy 2025.1 is unmaintained: unmaintained");
        (await _repository.RunAsync($"{outdated} --release 2025.2 --fail-when outdated eol")).ShouldSucceed();
        (await _repository.RunAsync($"{outdated} --fail-when none eol"))
            .ShouldFail("--fail-when has 'none' and other values");
        Directory.Move(_upstream.Directory / "glance", _upstream.Directory / "gone");
        (await _repository.RunAsync(outdated))
            .ShouldFail("releases/2025.1/source-refs.yaml", "glance: git failed with", "1 outdated, ");
    }

    [Fact]
    public async Task UpdateMakesABranchOnceAndADryRunNone()
    {
        using var server = new FakeServer();
        var update = $"Update --git-mirror {_upstream.Directory} "
            + $"--default-index {server.Url.AbsoluteUri}simple --no-logo";
        var dry = (await _repository.RunAsync($"{update} --dry-run")).ShouldSucceed();
        Assert.Contains("update/2025.1/nova", dry.Output, StringComparison.Ordinal);
        Assert.Contains("[LP#2085902]", dry.Output, StringComparison.Ordinal);
        Assert.Equal("", Branches());
        var run = (await _repository.RunAsync(update)).ShouldSucceed();
        Assert.Contains("There is no token for GitHub", run.Output, StringComparison.Ordinal);
        var branch = Branches();
        Assert.EndsWith(" update/2025.1/nova", branch, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', branch);
        Assert.Equal("", RepositoryCopy.Git(_repository.Root, "status", "--porcelain", "--", "releases", "overrides",
            "patches", "images").Text);
        Assert.Contains("1 unchanged", (await _repository.RunAsync(update)).ShouldSucceed().Output,
            StringComparison.Ordinal);
        Assert.Equal(branch, Branches());
        // Of its life, too, what upstream says is proposed.
        File.AppendAllText(_repository.Root / "releases/2025.2/series.yaml", "since: 2025-10-01\n");
        _repository.Edit("releases/2025.2/series.yaml", "maintained", "development");
        RepositoryCopy.Git(_repository.Root, "commit", "-q", "-a", "-m", "An older state");
        Assert.Contains("Life cycle of 2025.2 (Flamingo): maintained; end of life from 2927-04-28 on",
            (await _repository.RunAsync($"{update} --release 2025.2")).ShouldSucceed().Output,
            StringComparison.Ordinal);
        Assert.Equal(SeriesFile.TextOf(SeriesOf("flamingo", "2025.2")).TrimEnd(), RepositoryCopy.Git(_repository.Root,
            "show", "update/2025.2/series:releases/2025.2/series.yaml").Text);
        Assert.Contains("is not 10000 days old yet",
            (await _repository.RunAsync($"{update} --minimum-age 10000 --service nova")).ShouldSucceed().Output,
            StringComparison.Ordinal);

        string Branches() => RepositoryCopy.Git(_repository.Root, "for-each-ref",
            "--format=%(objectname) %(refname:short)", "refs/heads/update").Text;
    }

    /// <summary>
    /// The index of this test is behind nothing that images could have but for uwsgi; the other overrides it does not
    /// know.
    /// </summary>
    [Fact]
    public async Task OverridesAreLookedUpInTheIndexAndDrafted()
    {
        using var server = new FakeServer();
        server.Answer = x => x.Path == "/simple/uwsgi/"
            ? new FakeAnswer(200, """
                {"files":[
                  {"filename":"uwsgi-2.0.28.tar.gz","url":"a","hashes":{}},
                  {"filename":"uwsgi-2.0.31.tar.gz","url":"b","hashes":{},"upload-time":"2026-01-02T03:04:05Z"},
                  {"filename":"uwsgi-2.0.32.tar.gz","url":"c","hashes":{},"requires-python":">=3.14"}]}
                """, ("Content-Type", "application/json"))
            : new FakeAnswer(404, "{}");
        var index = $"--default-index {server.Url.AbsoluteUri}simple --no-logo --release 2025.1";
        (await _repository.RunAsync($"Outdated --only python {index}"))
            .ShouldFail("no index has a distribution 'lhafile'", "1 outdated");
        var report =
            JsonNode.Parse(File.ReadAllText(_repository.Root / "artifacts/outdated.json"))!["findings"]!.AsArray();
        var uwsgi = report.Single(x => (string?)x!["name"] == "uwsgi")!;
        Assert.Equal(("outdated", "2.0.31",
            "2.0.32 is not for images: it needs Python >=3.14, and images have 3.12.3"),
            ((string?)uwsgi["state"], (string?)uwsgi["newest"], (string?)uwsgi["detail"]));

        var run = (await _repository.RunAsync($"Update --git-mirror {_upstream.Directory} {index}")).ShouldSucceed();
        Assert.Contains("Updates: 2 created, 4 not known", run.Output, StringComparison.Ordinal);
        Assert.Contains("Whether lhafile 0.3.1 of 2025.1 is behind is not known: ", run.Output,
            StringComparison.Ordinal);
        Assert.Equal("uwsgi===2.0.31",
            Assert.Single(RepositoryCopy.Git(_repository.Root, "show",
            "update/2025.1/overrides/uwsgi:overrides/2025.1/constraints.txt").Lines,
            x => x.StartsWith("uwsgi", StringComparison.Ordinal)));
        // Tags, constraints and what is in the index wait alike.
        run = (await _repository.RunAsync($"Update --git-mirror {_upstream.Directory} {index} --minimum-age 10000"))
            .ShouldSucceed();
        Assert.Contains("Updates: 3 not old enough, 4 not known", run.Output, StringComparison.Ordinal);
        Assert.Contains("uwsgi 2025.1: 2.0.31 is not 10000 days old yet: the index has it since 2026-01-02",
            run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatFailsIsNotCalledUpToDate()
    {
        RepositoryCopy.Git(_repository.Root, "branch", "update");
        var update = $"Update --git-mirror {_upstream.Directory} --service nova --no-logo";
        (await _repository.RunAsync(update)).ShouldFail("Updates: 1 failed", "rename or delete 'update' here");
        RepositoryCopy.Git(_repository.Root, "branch", "-D", "update");
        Directory.Move(_upstream.Directory / "releases", _upstream.Directory / "gone");
        (await _repository.RunAsync(update)).ShouldFail("Updates: nothing is known to be behind, 3 not known",
            "releases: ");
        Directory.Delete(_repository.Root / ".git", recursive: true);
        (await _repository.RunAsync(update)).ShouldFail("is no git repository with a commit: it has no .git. "
            + "Updates are branches "
            + "of it");
        (await _repository.RunAsync("Outdated --only python --service python-base --no-logo"))
            .ShouldFail("nothing was looked at: there is no python in what is selected");
    }

    [Fact]
    public async Task WithATokenTheBranchIsPushedAndAPullRequestOpened()
    {
        using var server = new FakeServer();
        server.Answer = x => x.Method == "GET"
            ? new FakeAnswer(200, "[]")
            : new FakeAnswer(201,
                """{"number":7,"html_url":"https://github.example/c5c3/images/pull/7","title":"t","body":"b","head":{"label":"c5c3:update/2025.1/nova","ref":"update/2025.1/nova","sha":"a"}}""");
        var remote = _upstream.Directory / "remote.git";
        RepositoryCopy.Git(_repository.Root, "clone", "-q", "--bare", ".", remote);
        RepositoryCopy.Git(_repository.Root, "remote", "add", "origin", remote);
        var run = (await _repository.RunAsync(
            $"Update --git-mirror {_upstream.Directory} --service nova --no-logo",
            ("GITHUB_TOKEN", "secret"), ("GITHUB_API_URL", server.Url.AbsoluteUri),
            ("GITHUB_REPOSITORY", "c5c3/images"))).ShouldSucceed();
        Assert.Contains("Pull request opened: https://github.example/c5c3/images/pull/7", run.Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Output, StringComparison.Ordinal);
        Assert.Contains("refs/heads/update/2025.1/nova",
            RepositoryCopy.Git(_repository.Root, "ls-remote", "origin").Text, StringComparison.Ordinal);
        var sent = JsonNode.Parse(server.Requests.Single(x => x.Method == "POST").Body)!;
        Assert.Equal(("nova 31.99.0 for 2025.1", "master", false),
            ((string?)sent["title"], (string?)sent["base"], (bool)sent["draft"]!));
    }
}
