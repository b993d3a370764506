using OpenStack.Network;

namespace OpenStack.Tests.Network;

/// <summary>apt_auth.conf(5); what pip and uv read is in the tests of indexes.</summary>
public sealed class NetrcTests
{
    [Theory]
    [InlineData("https://mirror.example/debian/pool/a.deb", "machine mirror.example login me password x", "me:x")]
    [InlineData("https://mirror.example/debian/pool/a.deb", "machine mirror.example/debian login me password x",
        "me:x")]
    [InlineData("https://mirror.example/ubuntu/a.deb", "machine mirror.example/debian login me password x", null)]
    [InlineData("http://mirror.example/debian/a.deb", "machine mirror.example login me password x", null)]
    [InlineData("http://mirror.example/debian/a.deb", "machine http://mirror.example login me password x", "me:x")]
    [InlineData("https://mirror.example:8443/a.deb", "machine mirror.example:8443 login me password x", "me:x")]
    [InlineData("https://mirror.example:8443/a.deb", "machine mirror.example:9443 login me password x", null)]
    [InlineData("https://other.example/a.deb", "default login me password x", null)]
    public void AnArchiveIsKnownByItsPlace(string url, string text, string? account)
    {
        var found = Netrc.FindOfArchive(new Uri(url), text);
        Assert.Equal(account, found is null ? null : $"{found.UserName}:{found.Password}");
    }
}
