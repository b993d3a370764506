using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Tests.Catalog;

public sealed class CatalogEditorTests : IDisposable
{
    static readonly NewComponent s_heat = new("24.1.1",
        new EntryPoints("openstack-heat", ["heat-engine", "heat-manage"], ["heat.wsgi.api", "heat.wsgi.cfn"],
            ["heat-manage db_sync"]))
    {
        Traits = new ServiceTraits { VersionScripts = ["heat-manage"], DataFiles = ["heat/db/alembic.ini"] },
    };

    readonly TestRepository _repository = new();

    public CatalogEditorTests() => _repository
        .Write("releases/2025.1/extra-packages.yaml",
            "# OpenStack 2025.1 (Epoxy): packages\n\nkeystone:\n  pip-extras: [ldap]\n")
        .Write("releases/2025.1/build-constraints.txt", "setuptools<81\n")
        .Write("releases/2025.2/source-refs.yaml",
            "# OpenStack 2025.2 (Flamingo)\n\nkeystone: \"28.0.2\" # 2025.2\noslo.config: stable/2025.2\n")
        .Write("releases/2025.2/upper-constraints.txt", "pbr===7.0.1\n")
        .Write("overrides/2025.2/constraints.txt", "uwsgi===2.0.28 # why\n");

    public void Dispose()
    {
        _repository.Dispose();
        if (Directory.Exists(Aside.Parent)) Directory.Delete(Aside.Parent, recursive: true);
    }

    [Fact]
    public void ServiceIsInEveryFile()
    {
        AddHeat("2025.1", "2025.2");
        var catalog = _repository.Load();
        Assert.Equal(["heat", "keystone", "nova"], catalog.Services);
        Assert.Equal(["24.1.1", "24.1.1"], catalog.Releases.Values.Select(x => x.SourceRefs["heat"].Ref));
        Assert.All(catalog.Releases.Values, x => Assert.Contains("uwsgi", x.PackagesOf("heat").PipPackages));
        Assert.Equal("keystone: \"27.0.2\"\nnova: stable/2025.1\nheat: \"24.1.1\"\noslo.config: 9.7.1\n",
            Text("releases/2025.1/source-refs.yaml"));
        Assert.Equal(YamlSchema.LineOf("releases/2025.2/entry-points.yaml")
            + "\nheat:\n  distribution: openstack-heat\n  scripts:\n    - heat-engine\n    - heat-manage\n"
            + "  wsgi: [heat.wsgi.api, heat.wsgi.cfn]\n  migrations:\n    - heat-manage db_sync\n",
            Text("releases/2025.2/entry-points.yaml"));
        Assert.Equal(["heat-manage db_sync"], catalog.Releases["2025.2"].EntryPointsOf("heat")!.Migrations);
        Assert.Contains("\"--http-socket\", \":8004\", \"--module\", \"heat.wsgi.api:application\"",
            Text("images/heat/Dockerfile"), StringComparison.Ordinal);
        Assert.Contains("- run: [heat-manage, --version]", Text("images/heat/contract.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void ServiceThatIsAddedAndRemovedLeavesNothing()
    {
        var before = Digest.OfDirectory(_repository.Root);
        AddHeat("2025.1", "2025.2");
        Edit(x => x.RemoveService("heat", ["2025.1"], withPatches: false));
        Assert.True(File.Exists(_repository.Root / "images/heat/Dockerfile"));
        Edit(x => x.RemoveService("heat", ["2025.2"], withPatches: false));
        Assert.Equal(before, Digest.OfDirectory(_repository.Root));
        Assert.False(Directory.Exists(_repository.Root / "images/heat"));
    }

    /// <summary>A plugin that nobody names would be a library that is built for every image.</summary>
    [Fact]
    public void PluginsLocksAndPackagesGoWithTheService()
    {
        AddHeat("2025.1");
        _repository.Write("releases/2025.1/extra-packages.yaml",
                "heat:\n  plugins: [own-plugin, shared-plugin]\nnova:\n  plugins: [shared-plugin]\n")
            .Write("releases/2025.1/source-refs.yaml", Text("releases/2025.1/source-refs.yaml")
                + "own-plugin: master\nshared-plugin: master\n")
            .Write("releases/2025.1/locks/heat.linux-amd64.lock", "x\n")
            .Write("releases/2025.1/locks/nova.linux-amd64.lock", "x\n")
            .Write("images/bindep.txt", "curl [heat heat-test]\nlvm2 [heat-test nova]\n")
            .Write("patches/own-plugin/2025.1/0001.patch", "x").Write("packages/heat/package.yaml", "summary: Heat\n");
        Assert.Contains("patches/own-plugin/2025.1: 1 patch would be lost", Assert.Throws<ProblemException>(() =>
            Edit(x => x.RemoveService("heat", ["2025.1"], withPatches: false))).Message, StringComparison.Ordinal);
        Edit(x => x.RemoveService("heat", ["2025.1"], withPatches: true));
        Assert.Equal(["keystone", "nova", "oslo.config", "shared-plugin"],
            _repository.Load().Releases["2025.1"].SourceRefs.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["nova.linux-amd64.lock"], Directory.GetFiles(_repository.Root / "releases/2025.1/locks")
            .Select(x => Path.GetFileName(x)));
        Assert.False(Directory.Exists(_repository.Root / "packages/heat"));
        Assert.False(Directory.Exists(_repository.Root / "patches/own-plugin"));
        Assert.Equal("lvm2 [nova]\n", Text("images/bindep.txt"));
    }

    [Fact]
    public void AServiceLeavesItsGroupsWithItsLastRelease()
    {
        const string groups = "images/groups.yaml";
        _repository.Write(groups, "all-of-them: [keystone, nova]\nnone: [nova]\n");
        Edit(x => x.RemoveService("keystone", ["2025.1"], withPatches: false));
        Assert.Equal("all-of-them: [keystone, nova]\nnone: [nova]\n", Text(groups));
        // Nova is in no other release.
        Edit(x => x.RemoveRelease("2025.1", withPatches: false));
        Assert.Equal("all-of-them: [keystone]\n", Text(groups));
        Assert.Equal(["keystone"], _repository.Load().Groups["all-of-them"]);
        Edit(x => x.RemoveService("keystone", ["2025.2"], withPatches: false));
        Assert.False(File.Exists(_repository.Root / groups));
    }

    [Fact]
    public void SeveralServicesStandInTheirOrderBeforeTheLibraries()
    {
        var templates = Templates("heat", Everywhere("2025.1"));
        templates["octavia"] = Templates("octavia", Everywhere("2025.1"))["octavia"];
        Edit(x => x.AddServices(templates));
        Assert.Equal("keystone: \"27.0.2\"\nnova: stable/2025.1\nheat: \"24.1.1\"\noctavia: \"24.1.1\"\n"
            + "oslo.config: 9.7.1\n", Text("releases/2025.1/source-refs.yaml"));
    }

    [Fact]
    public void ImageStaysAsItIsWhenAReleaseFollows()
    {
        AddHeat("2025.1");
        _repository.Write("images/heat/Dockerfile", "FROM mine\n");
        AddHeat("2025.2");
        Assert.Equal("FROM mine\n", Text("images/heat/Dockerfile"));
    }

    [Theory]
    [InlineData("keystone", "'keystone' is a component of release 2025.1 already",
        "'keystone' is a component of release 2025.2 already")]
    [InlineData("oslo.config", "'oslo.config' is a component of release 2025.1 already")]
    [InlineData("python-base", "images/python-base: there is such a directory already, of no service")]
    [InlineData("../x", "'../x' is not the name of a component")]
    public void WhatIsThereIsNotAddedAgain(string service, params string[] saying)
    {
        var message = Assert.Throws<ProblemException>(() =>
            Edit(x => x.AddServices(Templates(service, Everywhere("2025.1", "2025.2"))))).Message;
        Assert.All(saying, x => Assert.Contains(x, message, StringComparison.Ordinal));
    }

    [Fact]
    public void PatchesAreNotLostUnasked()
    {
        _repository.Write("patches/keystone/2025.1/0001.patch", "x").Write("patches/keystone/2025.2/README", "notes");
        Assert.Equal("patches/keystone/2025.1: 1 patch would be lost. Move them away, or say --with-patches",
            Assert.Throws<ProblemException>(() =>
                Edit(x => x.RemoveService("keystone", ["2025.1", "2025.2"], withPatches: false))).Message);
        Assert.Contains("1 patch would be lost",
            Assert.Throws<ProblemException>(() => Edit(x => x.RemoveRelease("2025.1", withPatches: false))).Message,
            StringComparison.Ordinal);
        Edit(x => x.RemoveService("keystone", ["2025.1", "2025.2"], withPatches: true));
        Assert.False(Directory.Exists(_repository.Root / "patches/keystone"));
        Assert.Equal(["nova"], _repository.Load().Services);
    }

    [Fact]
    public void LastComponentOfAReleaseIsNotRemoved()
    {
        _repository.Write("releases/2025.2/source-refs.yaml", "keystone: \"28.0.2\"\n");
        Assert.Contains("'keystone' is the only component of the release", Assert.Throws<ProblemException>(() =>
            Edit(x => x.RemoveService("keystone", ["2025.2"], withPatches: false))).Message, StringComparison.Ordinal);
    }

    /// <summary>What was tested is an override where the upper constraints differ; one's own stay.</summary>
    [Fact]
    public void ReleaseHasWhatWasTested()
    {
        _repository.Write("overrides/2025.2/constraints.txt", "six===1.15.0 # ours\n");
        var tested = TestedState.Parse("""
            # Editable install with no version control (nova==33.0.0)
            -e git+https://opendev.org/openstack/keystone@0123#egg=keystone
            glance @ file:///home/zuul/src/glance
            pbr==7.0.3
            SIX==1.17.0
            Flask==3.1.1
            apt-pkg==2.7+ubuntu1
            neutron==27.0.0.dev12
            """, "freeze.txt", "A run of CI");
        IReadOnlyList<string> leftOut = [];
        Edit(x => leftOut = x.AddRelease("2026.1", _repository.Load().Releases["2025.2"],
            new Dictionary<string, string> { ["keystone"] = "stable/2026.1", ["oslo.config"] = "master" },
            "pbr===7.0.3\nsix===1.16.0\nflask===3.1.0\nattrs===25.1.0\n", tested));
        Assert.Equal("""
            six===1.15.0 # ours

            # What A run of CI had.

            flask==3.1.1 # ==3.1.1: tested

            """, Text("overrides/2026.1/constraints.txt"));
        Assert.Equal(
        [
            "keystone was installed from source", "glance was installed from source",
            "apt-pkg 2.7+ubuntu1 is a version that no index has",
            "neutron 27.0.0.dev12 is a version that no index has",
            "SIX 1.17.0 was tested, and overrides/2026.1/constraints.txt:1 has 1.15.0",
        ], leftOut);
    }

    [Fact]
    public void ReleaseIsLikeAnotherOne()
    {
        Edit(x => x.AddRelease("2026.1", _repository.Load().Releases["2025.2"],
            new Dictionary<string, string> { ["keystone"] = "stable/2026.1", ["oslo.config"] = "master" },
            "pbr===7.0.3\n"));
        Assert.Equal("# OpenStack 2026.1\n\nkeystone: \"stable/2026.1\" # 2025.2\noslo.config: \"master\"\n",
            Text("releases/2026.1/source-refs.yaml"));
        Assert.Equal("pbr===7.0.3\n", Text("releases/2026.1/upper-constraints.txt"));
        Assert.Equal("uwsgi===2.0.28 # why\n", Text("overrides/2026.1/constraints.txt"));
        Assert.Equal(["2025.1", "2025.2", "2026.1"], _repository.Load().Releases.Keys);
    }

    [Fact]
    public void ReleaseThatIsAddedAndRemovedLeavesNothing()
    {
        var before = Digest.OfDirectory(_repository.Root);
        Edit(x => x.AddRelease("2026.1", _repository.Load().Releases["2025.1"],
            new Dictionary<string, string> { ["keystone"] = "a", ["nova"] = "b", ["oslo.config"] = "c" }, null));
        Edit(x => x.RemoveRelease("2026.1", withPatches: false));
        Assert.Equal(before, Digest.OfDirectory(_repository.Root));
        Assert.False(Directory.Exists(_repository.Root / "releases/2026.1"));
    }

    [Theory]
    [InlineData("2025.2", "releases/2025.2: the release is there already")]
    [InlineData("gazpacho", "'gazpacho' is not the name of a release")]
    public void ReleaseThatCannotBeIsNotAdded(string release, string saying) =>
        Assert.StartsWith(saying, Assert.Throws<ProblemException>(() => Edit(x => x.CheckNewRelease(release))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ChangeThatBreaksTheCatalogIsNotMade()
    {
        var before = Digest.OfDirectory(_repository.Root);
        var change = new CatalogChange(_repository.Root, Aside);
        change.Write("releases/2025.1/source-refs.yaml", "keystone: 27.0\n");
        Assert.Contains("Quote it", Assert.Throws<ProblemException>(change.Make).Message, StringComparison.Ordinal);
        CatalogChange.CompleteBegun(_repository.Root, Aside);
        Assert.Equal(before, Digest.OfDirectory(_repository.Root));
    }

    void AddHeat(params string[] releases) => Edit(x => x.AddServices(Templates("heat", Everywhere(releases))));

    void Edit(Action<CatalogEditor> edit)
    {
        var change = new CatalogChange(_repository.Root, Aside);
        edit(new CatalogEditor(_repository.Load(), change));
        change.Make();
    }

    string Text(string path) => File.ReadAllText(_repository.Root / path);

    /// <summary>Beside the repository, so that its digest tells what became of the repository itself.</summary>
    AbsolutePath Aside => $"{_repository.Root}.aside/change";

    static Dictionary<string, NewComponent> Everywhere(params string[] releases) =>
        releases.ToDictionary(x => x, _ => s_heat);

    static Dictionary<string, ServiceTemplate> Templates(string service, Dictionary<string, NewComponent> byRelease) =>
        new() { [service] = new(RepositoryRoot.Path / "build" / "Catalog" / "templates", service, byRelease) };
}
