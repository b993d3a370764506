using System.Net.Sockets;
using OpenStack.Diagnostics;

namespace OpenStack.Network;

/// <summary>Tells why a request came to nothing before there was an answer, and what cures it.</summary>
public static class RequestFailure
{
    /// <param name="host">Who was asked, as messages name it.</param>
    /// <param name="e">What <see cref="HttpClient"/> threw.</param>
    public static Problem Describe(string host, Exception e)
    {
        // What is wrong with a certificate, and the like, has been said where it was found.
        if (ProblemIn(e) is { } known) return known.Problems[0];
        if (e is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError })
            return new Problem($"{host} cannot be reached: the proxy refuses ({e.Message.TrimEnd('.')})",
                Remedy: e.Message.Contains("'407'", StringComparison.Ordinal)
                    ? "Name the user and the password that the proxy wants: HTTPS_PROXY=http://user:password@proxy:port"
                    : "Have the proxy let it through, or name those to reach without it in NO_PROXY");
        var innermost = e.GetBaseException();
        return new Problem($"{host} cannot be reached: {innermost.Message.TrimEnd('.')}",
            Remedy: (innermost as SocketException)?.SocketErrorCode switch
            {
                SocketError.ConnectionRefused when ProxyVariables.Set(Environment.GetEnvironmentVariable).Count > 0 =>
                    "See whether it runs, or the proxy that HTTPS_PROXY names, and correct its address",
                SocketError.ConnectionRefused => "See whether it runs, and correct its address",
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                    "Correct its name, or look at the network; a proxy is named in HTTPS_PROXY",
                _ => "Look at the network between here and there; a proxy is named in HTTPS_PROXY",
            });
    }

    /// <summary>What was found out and said, among what an exception comes of.</summary>
    public static ProblemException? ProblemIn(Exception? e) =>
        e is null or ProblemException ? e as ProblemException : ProblemIn(e.InnerException);
}
