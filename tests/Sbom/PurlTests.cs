using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

public class PurlTests
{
    [Theory]
    [InlineData("libc6", "2.41-12+deb13u4", null, "pkg:deb/debian/libc6@2.41-12%2Bdeb13u4?arch=amd64&distro=debian-13")]
    [InlineData("login", "1:4.16.0-2+really2.41-4~bpo1", "util-linux@2.41-4",
        "pkg:deb/debian/login@1:4.16.0-2%2Breally2.41-4~bpo1?arch=amd64&distro=debian-13&upstream=util-linux%402.41-4")]
    [InlineData("libstdc++6", "14.2.0-19", "gcc-14",
        "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=debian-13&upstream=gcc-14")]
    public void OfDebianPackages(string name, string version, string? upstream, string expected) =>
        Assert.Equal(expected, Purl.OfDeb("debian", name, version, "amd64", "debian-13", upstream));

    [Theory]
    [InlineData("deb", "32.0.0~rc1-p0.1", "pkg:deb/us/openstack-nova@32.0.0~rc1-p0.1?arch=noarch&distro=debian-trixie")]
    [InlineData("rpm", "32.0.0^1-p0.1", "pkg:rpm/us/openstack-nova@32.0.0%5E1-p0.1?arch=noarch&distro=debian-trixie")]
    public void OfPackagesOfOurOwn(string format, string version, string expected) =>
        Assert.Equal(expected, Purl.OfPackage(format, "us", "openstack-nova", version, "noarch", "debian-trixie"));

    [Fact]
    public void OfPythonDistributions()
    {
        Assert.Equal("pkg:pypi/oslo-messaging@16.1.0%2Bp1", Purl.OfPython("oslo.messaging", "16.1.0+p1"));
        Assert.Equal(
            "pkg:pypi/keystone@27.0.0?vcs_url=git%2Bhttps:%2F%2Fopendev.org%2Fopenstack%2Fkeystone%400123abc",
            Purl.OfPython("keystone", "27.0.0", "git+https://opendev.org/openstack/keystone@0123abc"));
        Assert.Equal("pkg:pypi/nameless", Purl.OfPython("Nameless", ""));
    }

    /// <summary>
    /// The purl-spec's own tests (tests/types/oci-test.json): a colon stays, a slash in a qualifier does not.
    /// </summary>
    [Fact]
    public void OfImages() =>
        Assert.Equal(
        "pkg:oci/keystone@sha256:0123?arch=arm64&repository_url=ghcr.io%2Fc5c3%2Fkeystone",
        Purl.OfImage("keystone", "sha256:0123", "arm64", "ghcr.io/c5c3/keystone"));

    [Theory]
    [InlineData("ghcr.io/c5c3", "ghcr.io/c5c3", "ghcr.io/c5c3/keystone")]
    [InlineData("127.0.0.1:5000/lab", "lab", null)]
    [InlineData("localhost:5000/a/b", "a/b", null)]
    [InlineData("localhost:5000", "keystone", null)]
    [InlineData("registry.example.org:5000/x", "registry.example.org:5000/x", "registry.example.org:5000/x/keystone")]
    public void ARegistryOnThisMachineMeansNothingElsewhere(string registry, string publisher, string? repository)
    {
        var subject = new BomSubject("keystone", registry);
        Assert.Equal((publisher, repository), (subject.Publisher, subject.Repository));
    }
}
