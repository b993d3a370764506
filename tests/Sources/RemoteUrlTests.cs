using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public class RemoteUrlTests
{
    [Theory]
    [InlineData("https://opendev.org/openstack/keystone", "https://opendev.org/openstack/keystone")]
    [InlineData("https://me:secret@host/x", "https://host/x")]
    [InlineData("https://token@host:8443/x@y", "https://host:8443/x@y")]
    [InlineData("ssh://git:secret@host/x", "ssh://git@host/x")]
    [InlineData("git@host:openstack/keystone", "git@host:openstack/keystone")]
    [InlineData("fatal: unable to access 'https://me:p@ss@host/x': 403",
        "fatal: unable to access 'https://host/x': 403")]
    public void CredentialsAreRemoved(string text, string expected) =>
        Assert.Equal(expected, RemoteUrl.WithoutCredentials(text));

    [Theory]
    [InlineData("https://opendev.org/openstack/python-openstackclient", "python-openstackclient")]
    [InlineData("https://github.com/openvswitch/ovs.git", "ovs")]
    [InlineData("git@host:keystone.git", "keystone")]
    [InlineData("file:///srv/git/keystone/", "keystone")]
    public void NameIsTheLastOfThePath(string url, string expected) => Assert.Equal(expected, RemoteUrl.NameOf(url));
}
