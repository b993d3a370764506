using System.Net.Sockets;
using System.Text;

namespace OpenStack.Lab;

/// <summary>
/// One GET of a local server, for its status alone. By hand, because <see cref="HttpClient"/> costs more time to start
/// than all the rest of finding the laboratory alive.
/// </summary>
static class HttpProbe
{
    /// <summary>Whether the server answers 200 within a second.</summary>
    public static bool Succeeds(System.Net.EndPoint server, string path)
    {
        var unix = server is UnixDomainSocketEndPoint;
        using var socket = new Socket(server.AddressFamily, SocketType.Stream,
            unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        socket.SendTimeout = socket.ReceiveTimeout = 1000;
        try
        {
            socket.Connect(server);
            socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\n\r\n"));
            var answer = new byte[12];
            var length = 0;
            while (length < answer.Length && socket.Receive(answer.AsSpan(length)) is var count and > 0)
                length += count;
            return Encoding.ASCII.GetString(answer, 0, length) is "HTTP/1.1 200" or "HTTP/1.0 200";
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
