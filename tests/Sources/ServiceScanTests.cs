using OpenStack.Catalog;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

/// <summary>What the tree of a service says, in the forms that OpenStack's trees have.</summary>
public sealed class ServiceScanTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public ServiceScanTests() => Write("setup.cfg", "[metadata]\nname = x\n");

    public void Dispose() => _directory.Dispose();

    /// <summary>octavia's and designate's modules are newer than 2025.1; what they call is not.</summary>
    [Theory]
    [InlineData("from x.api import app\n\napplication = None\nwith lock:\n    application = app.setup_app(argv=args)\n",
        "def setup_app(pecan_config=None, debug=False, argv=None):\n", "x.api.app:setup_app")]
    [InlineData("from x.api.app import setup_app\napplication = setup_app()\n", "def setup_app():\n",
        "x.api.app:setup_app")]
    [InlineData("import x.api.app as app\napplication: object = app.f()\n", "def f(\n    a: str = '',\n):\n",
        "x.api.app:f")]
    [InlineData("from x.api import app\napplication = app.setup_app()\n", "def setup_app(conf):\n", null)]
    [InlineData("from elsewhere import app\napplication = app.setup_app()\n", "def setup_app():\n", null)]
    public void FactoryIsWhatAModuleCalls(string module, string called, string? expected)
    {
        Write("x/__init__.py", "").Write("x/api/__init__.py", "").Write("x/api/app.py", called)
            .Write("x/wsgi/api.py", module);
        Assert.Equal(expected is null ? [] : [expected], Read().Traits.Factories);
    }

    [Fact]
    public void FactoryIsWhatAScriptOfPbrCalls()
    {
        Write("setup.cfg", "[metadata]\nname = x\n[entry_points]\n"
            + "wsgi_scripts =\n    x-wsgi = x.app:f\n    y = x.app:g\n")
            .Write("x/__init__.py", "").Write("x/app.py", "def f():\n    pass\n");
        Assert.Equal(["x.app:f"], Read().Traits.Factories);
        Assert.Equal(["x-wsgi", "y"], Read().EntryPoints.Scripts);
    }

    [Theory]
    [InlineData("    $HEAT_BIN_DIR/x-manage --config-file $HEAT_CONF db_sync || die $LINENO \"DB sync error\"\n",
        "x-manage db_sync")]
    [InlineData("X_MANAGE=$TROVE_BIN_DIR/x-manage\n    $X_MANAGE db_sync\n    $X_MANAGE datastore_update a \"\"\n",
        "x-manage db_sync")]
    [InlineData("$BIN/x-manage --config-file=$CONF \\\n    database sync\n", "x-manage database sync")]
    [InlineData("$BIN/x-db-manage upgrade head; $BIN/x-db-manage upgrade_persistence\n", "x-db-manage upgrade head")]
    [InlineData("$BIN/x-db-manage upgrade head\n", "x-db-manage upgrade head")]
    [InlineData("$BIN/x-dbsync\n$BIN/x-dbsync upgrade || die\n$BIN/x-storage-init\n", "x-dbsync", "x-storage-init")]
    [InlineData("# $BIN/x-dbsync\necho x-dbsync\n$BIN/y-dbsync\n$BIN/x-status upgrade check\n$BIN/x-manage b\n")]
    public void MigrationsAreWhatThePluginRuns(string plugin, params string[] expected)
    {
        Write("setup.cfg", "[metadata]\nname = x\n[entry_points]\nconsole_scripts =\n"
            + string.Concat(((string[])["x-manage", "x-db-manage", "x-dbsync", "x-storage-init", "x-status"])
                .Select(x => $"    {x} = x.cmd:main\n"))).Write("devstack/plugin.sh", plugin);
        Assert.Equal(expected, Read().EntryPoints.Migrations);
    }

    /// <summary>Only oslo.config that is given a version knows the option: octavia, magnum and blazar do not.</summary>
    [Theory]
    [InlineData("CONF(sys.argv[1:], project='x', version=version.version_string())\n", true)]
    [InlineData("CONF(sys.argv[1:], project='x',\n     version=pbr.version.VersionInfo('x').release_string())\n", true)]
    [InlineData("CONF(sys.argv[1:], project='x', version=version.version_info)\n", false)]
    [InlineData("CONF(sys.argv[1:], project='x')\n", false)]
    [InlineData("from x.common import config\n\n\ndef main():\n    config.parse_args(sys.argv)\n", true)]
    [InlineData("from x.common import config\n\n\ndef main():\n    config.other(sys.argv)\n", false)]
    public void VersionIsAskedForWhereTheCodePrintsIt(string main, bool prints)
    {
        Write("setup.cfg", "[metadata]\nname = x\n[entry_points]\nconsole_scripts =\n    x-manage = x.cmd.manage:main\n"
            + "    x-status = x.cmd.manage:main\n    x-driver-manage = x.cmd.manage:main\n")
            .Write("x/common/config.py", "CONF(argv, version=version.version_info.release_string())\n")
            .Write("x/cmd/manage.py", main);
        Assert.Equal(prints ? ["x-manage"] : [], Read().Traits.VersionScripts);
    }

    [Theory]
    [InlineData("[files]\ndata_files =\n    etc/freezer =\n        etc/freezer/paste.ini\n    etc/init.d = a\n", "",
        "freezer")]
    [InlineData("[files]\ndata_files =\n    etc/freezer-api = a\n    etc/b = b\n", "")]
    [InlineData("", "PATH = \"/etc/freezer/policy\"\nOTHER = '/etc/ssl/certs'\n", "freezer")]
    [InlineData("", "PATH = '/etc/freezer-api/x.conf'\nOTHER = '/etc/freezer/x.conf'\n")]
    public void ConfigurationIsWhereTheCodeLooks(string setup, string code, params string[] expected)
    {
        Write("setup.cfg", "[metadata]\nname = x\n" + setup).Write("x/config/default.py", code);
        Assert.Equal(expected, Read("freezer-api").Traits.ConfigurationNames);
    }

    [Fact]
    public void TheRestIsSaidByFilesOfItsOwn()
    {
        Write("pyproject.toml", "[project]\nname = \"x\"\n[tool.setuptools.data-files]\n"
            + "\"etc/y/rootwrap.d\" = [\"a\"]\n").Write("requirements.txt", "fastapi\ngunicorn>=20\n")
            .Write("devstack/settings", "X_SERVICE_PORT_INT=${X_SERVICE_PORT_INT:-1}\nX_Y_SERVICE_PORT=${X:-4711}\n")
            .Write("x/__init__.py", "").Write("x/main.py", "import y\n\napp = FastAPI(\n)\n")
            .Write("x/db/alembic.ini", "").Write("x/tests/alembic.ini", "").Write("tools/alembic.ini", "")
            .Write("etc/x/rootwrap.d/x.filters",
                "[Filters]\n# no: CommandFilter, no, root\nip: IpFilter, /sbin/ip, root\n"
                + "rndc: CommandFilter, rndc, root\n");
        var (entryPoints, traits) = Read("x-y");
        Assert.Equal("x", entryPoints.Distribution);
        Assert.Equal(["y"], traits.ConfigurationNames);
        Assert.Equal("4711", traits.Port);
        Assert.Equal(["x.main:app"], traits.Asgi);
        Assert.Equal(["x/db/alembic.ini"], traits.DataFiles);
        Assert.Equal(["ip", "rndc"], traits.RootPrograms);
        Assert.True(traits.HasDatabase);
    }

    /// <summary>Tempest is made of cliff, too, and reads a configuration.</summary>
    [Theory]
    [InlineData("cliff>=3.5.0 # Apache-2.0\nosc-lib\n", true)]
    [InlineData("cliff\noslo.config>=5\n", false)]
    [InlineData("cliffs\n", false)]
    public void ClientIsWhatCommandsAreMadeOfWithoutConfiguration(string requirements, bool isClient)
    {
        Write("setup.cfg", "[metadata]\nname = x\n[entry_points]\nconsole_scripts =\n    x = x.shell:main\n"
            + "    x-old = x.old:main\n").Write("requirements.txt", requirements)
            .Write("x/shell.py", "class X(App):\n    def __init__(self):\n        super().__init__(\n"
                + "            description='', version=x.__version__, command_manager=y)\n")
            .Write("x/old.py", "");
        var traits = Read().Traits;
        Assert.Equal(isClient, traits.IsClient);
        Assert.Equal(isClient ? ["x"] : [], traits.VersionScripts);
    }

    /// <summary>skyline-console has the name of a distribution, and horizon a package.json.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("application = x()\n", true)]
    public void JavaScriptIsNoService(string wsgi, bool isService)
    {
        Write("package.json", "{}").Write("x/__init__.py", "").Write("x/wsgi.py", wsgi);
        Assert.Equal(isService, ServiceScan.Read(_directory.Path, "x") is not null);
    }

    [Theory]
    [InlineData("setup.cfg", true)]
    [InlineData("devstack/plugin.sh", true)]
    [InlineData("x/cmd/manage.py", true)]
    [InlineData("x/db/migration/cli.py", true)]
    [InlineData("x/transport/wsgi/app.py", true)]
    [InlineData("x/db/alembic.ini", true)]
    [InlineData("etc/x/rootwrap.d/a.filters", true)]
    [InlineData("x/tests/cmd/test.py", false)]
    [InlineData("x/drivers/a.py", false)]
    [InlineData("samples/cirros.img", false)]
    public void OnlyWhatIsReadIsFetched(string path, bool isWanted) =>
        Assert.Equal(isWanted, ServiceScan.IsWanted(path));

    /// <summary>What the scan reads of this tree: as it is when it was fetched.</summary>
    (EntryPoints EntryPoints, ServiceTraits Traits) Read(string service = "x")
    {
        foreach (var file in Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories))
            if (!ServiceScan.IsWanted(Path.GetRelativePath(_directory.Path, file))) File.Delete(file);
        return ServiceScan.Read(_directory.Path, service)!.Value;
    }

    ServiceScanTests Write(string file, string text)
    {
        Directory.CreateDirectory((_directory.Path / file).Parent!);
        File.WriteAllText(_directory.Path / file, text);
        return this;
    }
}
