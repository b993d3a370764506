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
        Write("setup.cfg", "# x\n[metadata]\nName = openstack-placement\nversion: 2.0\ndescription_file =\n    README.rst\n[files]\nname = other\n");
        Assert.Equal(new ProjectMetadata("openstack-placement", "2.0"), ProjectMetadata.Read(_temporary.Path));
    }

    [Fact]
    public void PyprojectComesFirst()
    {
        Write("setup.cfg", "[metadata]\nname = old\n");
        Write("pyproject.toml", "[build-system]\nname = 'x'\n\n[project] # y\nname = \"openstack-placement\" # z\ndynamic = [\"version\"]\n[project.scripts]\nname = 'w'\n");
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
        Assert.Contains("names no Python distribution", Assert.Throws<ProblemException>(() => ProjectMetadata.Read(_temporary.Path)).Message);
        Write("setup.cfg", "[metadata]\nname = ../etc\n");
        Assert.Contains("'../etc' is no name", Assert.Throws<ProblemException>(() => ProjectMetadata.Read(_temporary.Path)).Message);
    }

    void Write(string name, string text) => File.WriteAllText(_temporary / name, text);
}
