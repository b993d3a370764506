using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class ProjectMetadataTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void SetupCfg()
    {
        Write("setup.cfg", "# x\n[metadata]\nName = openstack-placement\nversion: 2.0\ndescription_file =\n"
            + "    README.rst\n[files]\nname = other\n");
        Assert.Equal(new ProjectMetadata("openstack-placement", "2.0"), ProjectMetadata.Read(_temporary.Path));
    }

    [Fact]
    public void PyprojectComesFirst()
    {
        Write("setup.cfg", "[metadata]\nname = old\n");
        Write("pyproject.toml", "[build-system]\nname = 'x'\n\n[project] # y\nname = \"openstack-placement\" # z\n"
            + "dynamic = [\"version\"]\n[project.scripts]\nname = 'w'\n");
        Assert.Equal("openstack-placement", ProjectMetadata.Read(_temporary.Path).Name);
    }

    [Fact]
    public void PyprojectWithoutProjectLeavesItToSetupCfg()
    {
        Write("setup.cfg", "[metadata]\nname = keystone\n");
        Write("pyproject.toml", "[build-system]\nrequires = ['pbr']\n");
        Assert.Equal("keystone", ProjectMetadata.Read(_temporary.Path).Name);
    }

    [Fact]
    public void NoNameAndNoName()
    {
        Assert.Contains("names no Python distribution",
            Assert.Throws<ProblemException>(() => ProjectMetadata.Read(_temporary.Path)).Message);
        Write("setup.cfg", "[metadata]\nname = ../etc\n");
        Assert.Contains("'../etc' is no name",
            Assert.Throws<ProblemException>(() => ProjectMetadata.Read(_temporary.Path)).Message);
    }

    [Theory]
    [InlineData("[ project ]\n\"name\" = 'x'\n", "x")]
    [InlineData("project.name = \"x\"\nproject . version = '1'\n", "x")]
    [InlineData("project = { name = 'x', version = '1' }\n", "x")]
    [InlineData("[tool.other]\ntext = \"\"\"\n[project]\nname = 'y'\n\"\"\"\n[project]\ndescription = '''\nname = 'z'\n"
        + "'''\nname = \"\"\"x\"\"\"\n", "x")]
    [InlineData("[project]\nname = \"\\u0078\"\n", "x")]
    [InlineData("[build-system]\nrequires = [\n  'pbr',\n]\n[tool.x]\nname = 'y'\n", "old")]
    public void PyprojectIsToml(string text, string name)
    {
        Write("setup.cfg", "[metadata]\nname = old\n");
        Write("pyproject.toml", text);
        Assert.Equal(name, ProjectMetadata.Read(_temporary.Path).Name);
    }

    [Theory]
    [InlineData("[metadata]\nname = x\n", "x")]
    [InlineData("[metadata] # all\n  ; no\nNAME : x\n", "x")]
    [InlineData("[metadata]\ndescription =\n    name = y\n    [other]\n\n  # no\n    name = z\n"
        + "name=x\n[files]\nname = w\n", "x")]
    [InlineData("[DEFAULT]\nname = x\n[metadata]\nversion = 1\n", "x")]
    [InlineData("[metadata]\nname =\n    x\n", "x")]
    [InlineData("[metadata]\r\nname = x\r\n", "x")]
    public void SetupCfgIsWhatConfigparserReads(string text, string name)
    {
        Write("setup.cfg", text);
        Assert.Equal(name, ProjectMetadata.Read(_temporary.Path).Name);
    }

    [Theory]
    [InlineData("pyproject.toml", "[project\nname = 'x'\n", "pyproject.toml:1:9: this is no TOML")]
    [InlineData("setup.cfg", "name = x\n", "setup.cfg:1:1: 'name = x' is in no section")]
    [InlineData("setup.cfg", "[metadata]\nname = x\nName = y\n", "setup.cfg:3:1: 'name' is set twice")]
    [InlineData("setup.cfg", "[metadata]\nname\n", "setup.cfg:2:1: 'name' sets nothing")]
    public void WhatCannotBeReadIsReportedWithItsPlace(string file, string text, string expected)
    {
        Write(file, text);
        Assert.Contains(expected, Assert.Throws<ProblemException>(() => ProjectMetadata.Read(_temporary.Path)).Message);
    }

    [Theory]
    [InlineData("[build-system]\nrequires = ['pbr>=6']\n[project]\nname='x'\n", true)]
    [InlineData("[build-system]\nrequires = ['setuptools_scm [toml] (>=8)']\n[project]\nname='x'\n", true)]
    [InlineData("[build-system]\nbuild-backend = 'pbr.build'\n[project]\nname='x'\n", true)]
    [InlineData("[build-system]\n# not pbr\nrequires = ['setuptools']\n[project]\nname='x'\ndescription = 'like pbr'\n",
        false)]
    public void WhoTellsTheVersionIsReadFromTheBuildSystem(string text, bool byGit)
    {
        Write("pyproject.toml", text);
        Assert.Equal(byGit, ProjectMetadata.Read(_temporary.Path).IsVersionedByGit);
    }

    void Write(string name, string text) => File.WriteAllText(_temporary / name, text);
}
