using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// A failure after which the same request may succeed: the registry is busy, or the connection broke.
/// </summary>
/// <param name="found">What happened.</param>
/// <param name="wait">How long the registry asks to wait; null where it does not.</param>
sealed class TransientFailure(string found, TimeSpan? wait = null, Exception? inner = null) : Exception(found, inner)
{
    public TimeSpan? Wait => wait;

    /// <summary>
    /// Statuses by which a server, or what is in front of it, asks for patience. 501 will not change its mind.
    /// </summary>
    public static bool Is(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        || ((int)status >= 500 && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.InsufficientStorage));

    /// <summary>
    /// A connection that broke: reset, ended early, silent. One that never came about is none of them: nobody listens,
    /// there is no such name, the certificate is wrong.
    /// </summary>
    public static bool Is(Exception e)
    {
        for (var x = e; x is not null; x = x.InnerException)
        {
            if (x is AuthenticationException or ProblemException) return false;
            if (x is SocketException socket)
            {
                return socket.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.HostNotFound
                    or SocketError.NoData or SocketError.TryAgain
                    or SocketError.NoRecovery or SocketError.HostUnreachable or SocketError.NetworkUnreachable
                    or SocketError.AddressNotAvailable or SocketError.AccessDenied);
            }
        }

        return e is HttpRequestException
        {
            HttpRequestError: not (HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError
                or HttpRequestError.UserAuthenticationError or HttpRequestError.ConfigurationLimitExceeded)
        } or IOException;
    }

    /// <summary><c>Retry-After</c>: seconds or a date (RFC 9110, section 10.2.3); null where it is neither.</summary>
    public static TimeSpan? RetryAfter(string? value, DateTimeOffset now)
    {
        if (value is null) return null;
        if (double.TryParse(value,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds));
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return null;
        return date > now ? date - now : TimeSpan.Zero;
    }
}
