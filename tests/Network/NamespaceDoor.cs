using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OpenStack.Tests.Network;

/// <summary>
/// A port of the loopback device of another network namespace that leads to one of this: a socket belongs to the
/// namespace that its thread was in when it was made (setns(2)).
/// </summary>
sealed class NamespaceDoor : IDisposable
{
    const int NewNet = 0x40000000;

    readonly Socket _listening;

    /// <param name="process">One of that namespace.</param>
    public NamespaceDoor(int process, int port, int leadsTo)
    {
        Socket? listening = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/proc/{process}/ns/net");
                if (SetNamespace((int)file.DangerousGetHandle(), NewNet) != 0)
                    throw new InvalidOperationException($"setns: {Marshal.GetLastPInvokeErrorMessage()}");
                listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                listening.Bind(new IPEndPoint(IPAddress.Loopback, port));
                listening.Listen();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        _listening = failure is null ? listening! : throw new InvalidOperationException(failure.Message, failure);
        _ = AcceptAsync(leadsTo);
    }

    public void Dispose() => _listening.Dispose();

    async Task AcceptAsync(int port)
    {
        try
        {
            while (true) _ = JoinAsync(await _listening.AcceptAsync(), port);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
        }
    }

    static async Task JoinAsync(Socket accepted, int port)
    {
        try
        {
            await using var stream = new NetworkStream(accepted, ownsSocket: true);
            await Tunnel.JoinAsync(stream, port);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetNamespace(int descriptor, int kind);
}
