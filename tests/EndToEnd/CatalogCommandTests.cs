using Nuke.Common.IO;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.EndToEnd;

/// <summary>The commands that change the catalog, on a copy of this repository and a real upstream.</summary>
public sealed class CatalogCommandTests : IDisposable
{
    const string Add = "AddService --service blazar --release 2025.1 2025.2 --git-mirror ./upstream --no-logo";

    readonly RepositoryCopy _repository = new();

    public CatalogCommandTests()
    {
        var upstream = _repository.Root / "upstream" / "blazar";
        Directory.CreateDirectory(upstream / "blazar" / "wsgi");
        RepositoryCopy.Git(upstream, "init", "--quiet");
        File.WriteAllText(upstream / "setup.cfg",
            "[metadata]\nname = openstack-blazar\n[entry_points]\nconsole_scripts =\n"
            + "    blazar-manage = blazar.cmd:main\n");
        File.WriteAllText(upstream / "blazar" / "__init__.py", "");
        File.WriteAllText(upstream / "blazar" / "wsgi" / "api.py", "application = None\n");
        Release(upstream, "2013.2.rc1");
        RepositoryCopy.Git(upstream, "tag", "2014.1");
        Release(upstream, "24.0.0.0rc1");
        RepositoryCopy.Git(upstream, "tag", "24.0.0");
        RepositoryCopy.Git(upstream, "branch", "stable/2025.1");
        Release(upstream, "25.0.0.0rc1");
        RepositoryCopy.Git(upstream, "branch", "unmaintained/2025.2");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task ServiceIsAddedAtTheNewestTagOfEachSeriesAndRemovedWithoutATrace()
    {
        var before = Catalog();
        var run = (await _repository.RunAsync(Add)).ShouldSucceed();
        Assert.Contains("blazar 2025.1: 24.0.0, distribution openstack-blazar", run.Output, StringComparison.Ordinal);
        Assert.Contains("blazar: \"24.0.0\"\n", Text("releases/2025.1/source-refs.yaml"), StringComparison.Ordinal);
        Assert.Contains("blazar: \"25.0.0.0rc1\"\n", Text("releases/2025.2/source-refs.yaml"),
            StringComparison.Ordinal);
        (await _repository.RunAsync("ResolveRefs --service blazar --release 2025.1 --git-mirror ./upstream --no-logo"))
            .ShouldSucceed();
        (await _repository.RunAsync(Add)).ShouldFail("'blazar' is a component of release 2025.1 already",
            "'blazar' is a component of release 2025.2 already");
        (await _repository.RunAsync("AddService --service blazar --git-mirror ./upstream --release 2026.1 --no-logo"))
            .ShouldFail("there is no branch or tag 'stable/2026.1'", "Name a ref: --ref blazar=");
        (await _repository.RunAsync("AddService --service blazar --git-mirror ./upstream --release 2026.1 "
            + "--ref blazar=master --no-logo")).ShouldSucceed();
        (await _repository.RunAsync("RemoveService --service blazar --no-logo")).ShouldSucceed();
        Assert.Equal(before, Catalog());
    }

    /// <summary>What openstack/releases has of a type, as far as it can be had; the rest is said, and ends the
    /// run.</summary>
    [Fact]
    public async Task AllServicesAreAddedToTheReleasesThatHaveThem()
    {
        Deliverables("epoxy", ("blazar", "24.0.0"), ("console", "1.0.0"), ("keystone", "27.0.2"));
        Deliverables("flamingo", ("blazar", "25.0.0"), ("aetos", "1.0.0"), ("ghost", "1.0.0"));
        Component("aetos", "setup.cfg", "[metadata]\nname = aetos\n");
        Component("console", "package.json", "{}");
        Component("ghost", "setup.cfg", "[metadata]\nname = ghost\n");
        RepositoryCopy.Git(_repository.Root / "upstream" / "ghost", "tag", "--delete", "1.0.0");
        var run = await _repository.RunAsync("AddService --service all --release 2025.1 2025.2 --git-mirror "
            + "./upstream --no-logo");
        run.ShouldFail("ghost 2025.2: openstack/releases names 1.0.0, and");
        Assert.Contains("2025.1 has no aetos", run.Output, StringComparison.Ordinal);
        Assert.Contains("console: 2025.1: it is a JavaScript project", run.Output, StringComparison.Ordinal);
        Assert.Contains("names 25.0.0, and https://opendev.org/openstack/blazar does not have it: 25.0.0.0rc1 is taken",
            run.Output, StringComparison.Ordinal);
        Assert.Contains("blazar: \"24.0.0\"\n", Text("releases/2025.1/source-refs.yaml"), StringComparison.Ordinal);
        Assert.Contains("blazar: \"25.0.0.0rc1\"\n", Text("releases/2025.2/source-refs.yaml"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("aetos", Text("releases/2025.1/source-refs.yaml"), StringComparison.Ordinal);
        Assert.Contains("aetos: \"1.0.0\"\n", Text("releases/2025.2/source-refs.yaml"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_repository.Root / "images" / "console"));
        (await _repository.RunAsync("AddService --type servce --release 2025.1 --git-mirror ./upstream --no-logo"))
            .ShouldFail("no deliverables of type 'servce'; expected library, service. Did you mean 'service'?");
    }

    /// <summary>A client whose repository has another name: openstack/releases knows it by that.</summary>
    [Fact]
    public async Task ServiceMayHaveAnotherNameThanItsRepository()
    {
        const string url = "https://opendev.org/openstack/python-toolclient";
        Deliverables("epoxy", ("python-toolclient", "1.0.0"));
        Deliverables("flamingo", ("aetos", "1.0.0"));
        Component("python-toolclient", "requirements.txt", "cliff\n");
        await AddToolAsync("--service tool another", "--source-url is the place of one service");
        var run = (await AddToolAsync("--service tool")).ShouldSucceed();
        Assert.Contains("2025.2 has no tool", run.Output, StringComparison.Ordinal);
        Assert.Contains($"tool: {{ ref: \"1.0.0\", url: \"{url}\" }}\n", Text("releases/2025.1/source-refs.yaml"),
            StringComparison.Ordinal);
        Assert.Contains("# TODO: its plugins", Text("images/tool/contract.yaml"), StringComparison.Ordinal);

        async Task<BuildRun> AddToolAsync(string services, string? problem = null)
        {
            var run = await _repository.RunAsync($"AddService {services} --source-url {url} --release 2025.1 2025.2 "
                + "--git-mirror ./upstream --no-logo");
            if (problem is not null) run.ShouldFail(problem);
            return run;
        }
    }

    void Component(string name, string file, string text)
    {
        var upstream = _repository.Root / "upstream" / name;
        Directory.CreateDirectory(upstream);
        RepositoryCopy.Git(upstream, "init", "--quiet");
        File.WriteAllText(upstream / "setup.cfg", $"[metadata]\nname = {name}\n");
        File.WriteAllText(upstream / file, text);
        Release(upstream, "1.0.0");
    }

    /// <summary>What openstack/releases says of a series; of a library, too.</summary>
    void Deliverables(string codename, params (string Name, string Version)[] services)
    {
        var releases = _repository.Root / "upstream" / "releases";
        Directory.CreateDirectory(releases / "data");
        Directory.CreateDirectory(releases / "deliverables" / codename);
        RepositoryCopy.Git(releases, "init", "--quiet", "--initial-branch", "master");
        File.WriteAllText(releases / "data" / "series_status.yaml",
            "- name: epoxy\n  release-id: 2025.1\n  status: maintained\n"
            + "- name: flamingo\n  release-id: 2025.2\n  status: maintained\n");
        foreach (var (name, version) in services.Append(("oslo.config", "1.0.0")))
            File.WriteAllText(releases / "deliverables" / codename / $"{name}.yaml",
                $"type: {(name.Contains('.', StringComparison.Ordinal) ? "library" : "service")}\nreleases:\n"
                + string.Concat(((string[])[$"{version}.0rc1", version]).Select(x =>
                    $"  - version: {x}\n    projects:\n      - repo: openstack/{name}\n")));
        RepositoryCopy.Git(releases, "add", "--all");
        RepositoryCopy.Git(releases, "commit", "--quiet", "-m", codename);
    }

    [Fact]
    public async Task KilledAtAnyMomentAndRunAgainTheServiceIsThere()
    {
        (await _repository.RunAsync(Add)).ShouldSucceed();
        var expected = Catalog();
        foreach (var milliseconds in (int[])[300, 400, 500, 600, 700])
        {
            (await _repository.RunAsync("RemoveService --service blazar --no-logo")).ShouldSucceed();
            await _repository.KillAsync(Add, TimeSpan.FromMilliseconds(milliseconds));
            // A change that was begun is completed by whatever loads the catalog.
            (await _repository.RunAsync("ConstraintDiff --no-logo")).ShouldSucceed();
            if (!File.Exists(_repository.Root / "images" / "blazar" / "Dockerfile"))
                (await _repository.RunAsync(Add)).ShouldSucceed();
            Assert.Equal(expected, Catalog());
        }
    }

    [Fact]
    public async Task ReleaseIsAddedFromItsSeriesAndRemovedWithoutATrace()
    {
        var before = Catalog();
        var requirements = _repository.Root / "upstream" / "requirements";
        Directory.CreateDirectory(requirements);
        RepositoryCopy.Git(requirements, "init", "--quiet");
        File.WriteAllText(requirements / "upper-constraints.txt", "pbr===7.1.0\n");
        Release(requirements, "1.0.0");
        var refs = string.Join(' ', Text("releases/2026.1/source-refs.yaml")
            .Split('\n')
            .Where(x => x.Contains(": \"", StringComparison.Ordinal))
            .Select(x => x.Split(':')[0] + "=master"));
        var run = (await _repository.RunAsync("AddRelease --release 2026.2 --git-mirror "
            + $"./upstream --ref {refs} --no-logo")).ShouldSucceed();
        Assert.Contains("The upper constraints are those of master", run.Output, StringComparison.Ordinal);
        Assert.Equal("pbr===7.1.0\n", Text("releases/2026.2/upper-constraints.txt"));
        Assert.Contains("keystone: \"master\"", Text("releases/2026.2/source-refs.yaml"), StringComparison.Ordinal);
        Assert.Contains("\n# OpenStack 2026.2: ", Text("releases/2026.2/source-refs.yaml"), StringComparison.Ordinal);
        File.WriteAllText(_repository.Root / "freeze.txt", "pbr==7.0.3\n-r more.txt\nsix>=1\nsix==1.17.0\n");
        (await _repository.RunAsync("AddRelease --release 2026.3 --constraints-from freeze.txt --git-mirror "
            + $"./upstream --ref {refs} --no-logo"))
            .ShouldFail("freeze.txt:2:1: '-r more.txt' pins nothing", "freeze.txt:3:4: 'six>=1' is a range");
        (await _repository.RunAsync("AddRelease --release 2026.3 --constraints-from 1.0.0 --git-mirror "
            + $"./upstream --ref {refs} --no-logo")).ShouldSucceed();
        Assert.Equal(Text("overrides/2026.1/constraints.txt"), Text("overrides/2026.3/constraints.txt"));
        (await _repository.RunAsync("RemoveRelease --release 2026.3 --no-logo")).ShouldSucceed();
        (await _repository.RunAsync("AddRelease --release 2026.2 --no-logo"))
            .ShouldFail("releases/2026.2: the release is there already");
        (await _repository.RunAsync("AddRelease --release 2026.2 2026.3 --no-logo")).ShouldFail("Give one release");
        (await _repository.RunAsync("AddRelease --git-mirror ./upstream --no-logo"))
            .ShouldFail("--release names no release", "releases: ");
        (await _repository.RunAsync("RemoveRelease --release 2026.2 --no-logo")).ShouldSucceed();
        Assert.Equal(before, Catalog());
    }

    [Fact]
    public async Task AReleaseComesWithItsLifeAndWithoutOneTheNewestIsOffered()
    {
        var releases = new Upstream(_repository.Root / "upstream" / "releases");
        releases.Commit("Series", ("data/series_status.yaml",
            "- {name: hibiscus, release-id: 2026.2, status: maintained, slurp: no, initial-release: 2026-09-30, "
            + "next-phase: {status: unmaintained, date: 2928-04-26}}\n- {name: caracal, release-id: 2024.1, "
            + "status: unmaintained, slurp: yes, initial-release: 2024-04-03}\n"));
        (await _repository.RunAsync("AddRelease --git-mirror ./upstream --no-logo")).ShouldFail(
            "--release names no release; expected one release, such as 2026.2 (Hibiscus, maintained since 2026-09-30), "
            + "2024.1 (Caracal, unmaintained). The newest is 2026.2 (Hibiscus, maintained since 2026-09-30): "
            + "./build.sh AddRelease --release 2026.2");
        foreach (var component in Text("releases/2026.1/source-refs.yaml").Split('\n')
            .Where(x => x.Contains(": \"", StringComparison.Ordinal)).Select(x => x.Split(':')[0])
            .Append("requirements"))
        {
            var upstream = new Upstream(_repository.Root / "upstream" / component);
            upstream.Commit("x", ("upper-constraints.txt", "pbr===7.1.0\n"));
            upstream.Git("branch", component == "nova" ? "unmaintained/2024.1" : "stable/2026.2");
            if (component == "glance") upstream.Git("tag", "caracal-eol");
        }

        // nova has no branch of the newest yet: it is where the others were before.
        (await _repository.RunAsync("AddRelease --release 2026.2 --git-mirror ./upstream --no-logo")).ShouldSucceed();
        var refs = Text("releases/2026.2/source-refs.yaml");
        Assert.Contains("keystone: \"stable/2026.2\"", refs, StringComparison.Ordinal);
        Assert.Contains("nova: \"master\"", refs, StringComparison.Ordinal);
        Assert.EndsWith("name: \"hibiscus\"\nstatus: maintained\nslurp: false\ninitial-release: 2026-09-30\n"
            + "next-phase:\n  status: unmaintained\n  date: 2928-04-26\n", Text("releases/2026.2/series.yaml"),
            StringComparison.Ordinal);
        var old = (await _repository.RunAsync("AddRelease --release 2024.1 --from 2026.1 --git-mirror ./upstream "
            + "--no-logo")).ShouldSucceed();
        refs = Text("releases/2024.1/source-refs.yaml");
        Assert.Contains("nova: \"unmaintained/2024.1\"", refs, StringComparison.Ordinal);
        Assert.Contains("glance: \"caracal-eol\"", refs, StringComparison.Ordinal);
        Assert.Contains("keystone: \"stable/2024.1\"", refs, StringComparison.Ordinal);
        Assert.Contains("keystone: nobody says whether there is a branch stable/2024.1", old.Output,
            StringComparison.Ordinal);
        var help = (await _repository.RunAsync("--help")).ShouldSucceed().Output;
        Assert.Contains("  2026.2   Hibiscus  maintained since 2026-09-30; unmaintained from 2928-04-26 on", help,
            StringComparison.Ordinal);
        Assert.Contains("  2024.1   Caracal   unmaintained", help, StringComparison.Ordinal);
    }

    static void Release(AbsolutePath upstream, string tag)
    {
        File.WriteAllText(upstream / "tag", tag);
        RepositoryCopy.Git(upstream, "add", "--all");
        RepositoryCopy.Git(upstream, "commit", "--quiet", "-m", tag);
        RepositoryCopy.Git(upstream, "tag", tag);
    }

    string Text(string path) => File.ReadAllText(_repository.Root / path);

    string Catalog() => string.Join('\n', ((string[])["images", "overrides", "patches", "releases"])
        .Select(x => Digest.OfDirectory(_repository.Root / x)));
}
