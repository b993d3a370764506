using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

public sealed class ExtraPackagesTests : IDisposable
{
    const string File = "releases/2025.1/extra-packages.yaml";

    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void ListsAreReadPerService()
    {
        var release = _repository.Write(File, """
            keystone:
              pip-extras: [ldap]
              pip-packages:
                - glance_store[s3,swift]
              apt-packages:
                - libldap2
                - libpython3.12t64 [platform:ubuntu-noble]
            nova: {}
            """).Load().Releases["2025.1"];
        var packages = release.PackagesOf("keystone");
        Assert.Equal(["ldap"], packages.PipExtras);
        Assert.Equal(["glance_store[s3,swift]"], packages.PipPackages);
        Assert.Equal(["libldap2", "libpython3.12t64"], packages.AptPackagesFor(BindepPlatform.Of("ubuntu-noble")));
        Assert.Equal(["libldap2"], packages.AptPackagesFor(BindepPlatform.Of("debian-trixie")));
        Assert.Same(ExtraPackages.None, release.PackagesOf("nova"));
        Assert.Same(ExtraPackages.None, release.PackagesOf("oslo.config"));
    }

    /// <summary>An option has system packages of its own, and a contract.</summary>
    [Fact]
    public void AnOptionIsAProfileAndAContract()
    {
        var catalog = _repository.Write(File, "keystone:\n  options: [apache]\n")
            .Write("images/keystone/contract.yaml", "programs: [xmlsec1]\ncommands: []\n")
            .Write("images/bindep.txt", "xmlsec1 [keystone]\napache2-bin [keystone-apache]\n").Load();
        var packages = catalog.Releases["2025.1"].PackagesOf("keystone");
        Assert.Equal(["keystone", "keystone-apache"], packages.ProfilesOf("keystone"));
        Assert.Equal(["xmlsec1", "apache2-bin"],
            catalog.SystemPackagesOf("debian-trixie", packages.ProfilesOf("keystone")));
        Assert.Equal(["xmlsec1"], catalog.SystemPackagesOf("debian-trixie", ExtraPackages.None.ProfilesOf("keystone")));
        var values = new Dictionary<string, string>();
        Assert.Equal("""{"programs":["xmlsec1","apache2"],"commands":[]}""",
            ImageContract.Read(catalog.ImageDirectory("keystone"), values, packages.Options).ToJsonString());
        Assert.Equal("""{"programs":["xmlsec1"],"commands":[]}""",
            ImageContract.Read(catalog.ImageDirectory("keystone"), values).ToJsonString());
    }

    /// <summary>What a release builds from source is for all of its images, but for what one of them names.</summary>
    [Fact]
    public void APluginIsOfTheImageThatNamesIt()
    {
        var catalog = _repository.Write(File, "keystone:\n  plugins: [oslo.config]\n").Load();
        var release = catalog.Releases["2025.1"];
        Assert.Equal(["oslo.config"], catalog.LibrariesOf(release, "keystone"));
        Assert.Empty(catalog.LibrariesOf(release, "nova"));
        Assert.Empty(catalog.LibrariesOf(release));
    }

    [Theory]
    [InlineData("keyston: {}", ":1:1: 'keyston' is not in source-refs.yaml of this release. Did you mean 'keystone'?")]
    [InlineData("nova:\n  pip_packages: []", ":2:3: 'pip_packages' is not known here; expected pip-extras, "
        + "pip-packages, apt-packages, options, plugins. Did you mean 'pip-packages' or 'apt-packages'?")]
    [InlineData("nova: []",
        ":1:7: there is a list; expected a mapping of pip-extras, pip-packages, apt-packages, options, plugins to "
            + "lists")]
    [InlineData("nova:\n  plugins: [oslo.confg]", ":2:13: 'oslo.confg' is not in source-refs.yaml of this release. Did "
        + "you mean 'oslo.config'?")]
    [InlineData("nova:\n  plugins: [keystone]", ":2:13: 'keystone' has an image of its own; expected a component "
        + "without one. To have both in one image, remove the other's directory")]
    [InlineData("nova:",
        ":1:6: there is nothing; expected a mapping of pip-extras, pip-packages, apt-packages, options, plugins to "
            + "lists")]
    [InlineData("nova:\n  apt-packages: udev",
        ":2:17: there is text; expected a list. Write '- udev' in a line of its own")]
    [InlineData("nova:\n  apt-packages:", ":2:16: there is nothing; expected a list. Write [] for none")]
    [InlineData("nova:\n  pip-packages: [uwsgi, uWSGI]",
        ":2:25: 'uWSGI' is there twice, first as 'uwsgi'. Remove one of them")]
    [InlineData("nova:\n  pip-packages: [uwsgi, u_wsgi]",
        ":2:25: 'u_wsgi' is there twice, first as 'uwsgi'. Remove one of them")]
    [InlineData("nova:\n  pip-packages: [glance_store, 'glance-store[s3]']",
        ":2:32: 'glance-store[s3]' is there twice, first as 'glance_store'. Remove one of them")]
    [InlineData("nova:\n  pip-extras: [some_extra, Some-Extra]",
        ":2:28: 'Some-Extra' is there twice, first as 'some_extra'. Remove one of them")]
    [InlineData("nova:\n  pip-packages: ['a;os_name==\"posix\"']",
        ":2:18: 'a;os_name==\"posix\"' is not the name of a Python distribution; expected name or name[extra,extra] "
        + "without spaces. A version belongs to overrides/<release>/constraints.txt")]
    [InlineData("keystone:\n  options: [apach]", ":2:13: the image of keystone has no option 'apach'; expected apache. "
        + "Did you mean 'apache'?")]
    [InlineData("nova:\n  options: [apache]",
        ":2:13: the image of nova has no option 'apache'; expected none: it has no "
            + "options")]
    [InlineData("nova:\n  apt-packages: [udev, udev]", ":2:24: 'udev' is there twice. Remove one of them")]
    [InlineData("nova:\n  apt-packages: [true]",
        ":2:18: there is the word true, which YAML does not read as text; expected text")]
    [InlineData("nova:\n  apt-packages: [$(x)]", ":2:18: '$(x)' is not the name of an apt package; expected lower-case "
        + "letters, digits and + - . as in libpython3.12t64")]
    [InlineData("nova:\n  apt-packages: ['udev [platform:ubuntu']",
        ":2:18: the selector '[platform:ubuntu' does not end with ]")]
    [InlineData("nova:\n  apt-packages: ['udev [nova]']",
        ":2:18: there is no profile 'nova'; expected platform:… only")]
    [InlineData("nova:\n  pip-packages: ['uwsgi==2.0']",
        ":2:18: 'uwsgi==2.0' is not the name of a Python distribution; expected name or name[extra,extra] without "
        + "spaces. A version belongs to overrides/<release>/constraints.txt")]
    [InlineData("nova:\n  pip-packages: ['a[b']",
        ":2:18: 'a[b' is not the name of a Python distribution; expected name or name[extra,extra] without spaces")]
    [InlineData("nova:\n  pip-packages: [-r]",
        ":2:18: '-r' is not the name of a Python distribution; expected name or name[extra,extra] without spaces")]
    [InlineData("nova:\n  pip-extras: ['a[b]']", ":2:16: 'a[b]' is not the name of an extra; expected letters, digits "
        + "and . _ - between them. An extra of another distribution belongs to pip-packages")]
    public void MistakeIsReported(string text, string expected) =>
        Assert.Equal([File + expected], _repository.Write(File, text).Problems());
}
