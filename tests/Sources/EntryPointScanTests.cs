using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class EntryPointScanTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ScriptsOfBothFilesAreNamedOnce()
    {
        Write("setup.cfg", "[metadata]\nname = heat\n[entry_points]\nconsole_scripts =\n    heat-manage = "
            + "heat.cmd.manage:main\n    heat-api=heat.cmd.api:main\nwsgi_scripts =\n    heat-wsgi-api = "
            + "heat.httpd:init\noslo.config.opts =\n    heat = heat.opts:list\n[files]\npackages =\n    heat = x\n");
        Write("pyproject.toml", "[project]\nname = \"heat\"\n[project.scripts]\n"
            + "heat-status = \"heat.cmd.status:main\"\n\"heat-api\" = \"heat.cmd.api:main\"\n"
            + "[project.optional-dependencies]\nx = [\"y\"]\n");
        Assert.Equal(["heat-api", "heat-manage", "heat-status", "heat-wsgi-api"],
            EntryPointScan.Scripts(_directory.Path));
    }

    [Fact]
    public void ScriptsAreReadAsTomlAndIniSay()
    {
        Write("pyproject.toml",
            "[ project . scripts ]\n'a-quoted' = \"x:y\"\nb = 'x:y' # c\n[project.entry-points.wsgi_scripts]\n"
            + "c-wsgi = 'x:y'\n[tool]\nt = \"\"\"\n[project.scripts]\nno = 'x:y'\n\"\"\"\n");
        Write("setup.cfg", "[options.entry_points]\nconsole_scripts =\n  # no = x:y\n\n  d = x:y\nother =\n  e = x:y\n"
            + "[entry_points]\nCONSOLE_SCRIPTS: f = x:y\n");
        Assert.Equal(["a-quoted", "b", "c-wsgi", "d", "f"], EntryPointScan.Scripts(_directory.Path));
    }

    [Fact]
    public void WsgiModulesBindAnApplicationAtTheirTopLevel()
    {
        Write("heat/__init__.py", "");
        Write("heat/wsgi/__init__.py", "");
        Write("heat/wsgi/api.py", "import x\n\napplication = None\n");
        Write("heat/wsgi/cfn.py", "application: object = x()\n");
        Write("heat/wsgi/other.py", "def f():\n    application = None\n    application == None\n");
        Write("heat/tests/wsgi.py", "application = None\n");
        Write("heat/dashboard/wsgi.py", "application = None\n");
        Write("devstack/wsgi.py", "application = None\n");
        Assert.Equal(["heat.dashboard.wsgi", "heat.wsgi.api", "heat.wsgi.cfn"],
            EntryPointScan.WsgiModules(_directory.Path));
    }

    /// <summary>PEP 621 forbids the table of console scripts; setuptools installs what it says (freezer,
    /// skyline-apiserver). Files of PBR's and setuptools' are scripts, too (swift, storlets).</summary>
    [Fact]
    public void ScriptsAreWhatIsInstalled()
    {
        Write("pyproject.toml", "[project.entry-points.console_scripts]\na = 'x:y'\n"
            + "[tool.setuptools]\nscript-files = ['bin/b']\n");
        Write("setup.cfg", "[files]\nscripts =\n    bin/c\n    bin/d\n");
        Assert.Equal(["a", "b", "c", "d"], EntryPointScan.Scripts(_directory.Path));
        Assert.Equal("x:y", EntryPointScan.Targets(_directory.Path)["a"]);
    }

    [Fact]
    public void ApplicationHasOtherNamesBesideItsOwn()
    {
        Write("zaqar/__init__.py", "");
        Write("zaqar/transport/wsgi/app.py", "app = application = None\n");
        Write("zaqar/cmd/app_wsgi.py", "application = wsgimain()\n");
        Write("zaqar/cmd/nowsgi.py", "application = None\n");
        Assert.Equal(["zaqar.cmd.app_wsgi", "zaqar.transport.wsgi.app"],
            EntryPointScan.WsgiModules(_directory.Path));
    }

    [Fact]
    public void NothingIsMadeUp() =>
        Assert.Empty(EntryPointScan.Scripts(_directory.Path).Concat(EntryPointScan.WsgiModules(_directory.Path)));

    void Write(string file, string text)
    {
        Directory.CreateDirectory((_directory.Path / file).Parent!);
        File.WriteAllText(_directory.Path / file, text);
    }
}
