using OpenStack.Indexes;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.Indexes;

/// <summary>What trees of OpenStack say in their files, and how.</summary>
public sealed class ProjectRequirementsTests : IDisposable
{
    readonly TemporaryDirectory _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void APbrTreeIsReadWithItsExtras()
    {
        _tree.Write("pyproject.toml", "[build-system]\nrequires = [\"pbr>=6.0.0\", \"setuptools>=64.0.0\"]\n");
        _tree.Write("setup.cfg", """
            [metadata]
            name = keystone
            [extras]
            ldap =
              python-ldap>=3.0.0 # PSF
              ldappool>=2.3.1 # MPL
            memcache =
              oslo.cache[memcache]>=1.26.0
            """);
        _tree.Write("requirements.txt", """
            # The order of packages is significant
            pbr!=2.1.0,>=2.0.0 # Apache-2.0
            enum34;python_version=='2.7' or python_version=='2.6' # BSD
            old:python_version<'3.0'
            """);
        var read = ProjectRequirements.Read(_tree.Path, ["ldap"]);
        Assert.Equal(["pbr", "setuptools"], read.Build.Select(x => x.Name));
        Assert.Equal(["pbr", "enum34", "old", "python-ldap", "ldappool"], read.Runtime.Select(x => x.Name));
        Assert.Empty(read.Unread);
    }

    [Fact]
    public void FilesIncludeOthersAndWhatIsNoRequirementIsSaid()
    {
        _tree.Write("test-requirements.txt",
            "--no-binary :all:\n-r doc/requirements.txt\ncoverage!=4.4,>=4.0 # Apache-2.0\nnot a requirement\n");
        _tree.Write("doc/requirements.txt", "sphinx>=2.0.0\n--requirement=more.txt\n");
        _tree.Write("doc/more.txt", "reno\n");
        var read = ProjectRequirements.OfFiles([_tree.Path / "test-requirements.txt", _tree.Path / "not-there.txt"]);
        Assert.Equal(["sphinx", "reno", "coverage"], read.Runtime.Select(x => x.Name));
        Assert.Equal(["not a requirement"], read.Unread);
    }
}
