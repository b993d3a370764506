using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OpenStack.Network;

/// <summary>A user and a password, as a server is told them (RFC 7617).</summary>
public static class BasicAuthentication
{
    public static AuthenticationHeaderValue Of(NetworkCredential credential) => new("Basic",
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}")));
}
