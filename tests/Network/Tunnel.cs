using System.Net;
using System.Net.Sockets;

namespace OpenStack.Tests.Network;

/// <summary>Two connections that hand on what the other has.</summary>
static class Tunnel
{
    public static async Task JoinAsync(NetworkStream one, int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var other = client.GetStream();
        async Task HandOnAsync(NetworkStream from, NetworkStream to)
        {
            await from.CopyToAsync(to);
            to.Socket.Shutdown(SocketShutdown.Send);
        }

        await Task.WhenAny(HandOnAsync(one, other), HandOnAsync(other, one)).Unwrap();
        // What is under way still arrives.
        await Task.Delay(TimeSpan.FromMilliseconds(200));
    }
}
