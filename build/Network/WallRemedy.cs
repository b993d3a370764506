using System.Text.RegularExpressions;

namespace OpenStack.Network;

/// <summary>
/// What cures what programs say who run into a wall: a certificate that they do not trust, a proxy that refuses them.
/// Each has words of its own for it.
/// </summary>
public static partial class WallRemedy
{
    /// <param name="output">What a program wrote.</param>
    /// <returns>Null where it speaks of nothing of the kind.</returns>
    public static string? For(string output) =>
        Untrusted().IsMatch(output)
            ? $"Give the certificate of the authority that signed it with {CaBundle.Parameter}, if it is one to trust"
        : WantsPassword().IsMatch(output)
            ? "Name the user and the password that the proxy wants: HTTPS_PROXY=http://user:password@proxy:port"
        : Refused().IsMatch(output)
            ? "Have the proxy let it through, or name those to reach without it in NO_PROXY"
        : AptUnauthorized().IsMatch(output)
            ? "Name a user and a password of that archive in the file of --apt-auth"
        : AptUnsigned().IsMatch(output)
            ? "Give the key of that archive with --apt-keyring, or name it in its sources (Signed-By)"
        : null;

    /// <summary>Of uv (rustls), Go, OpenSSL (Python, curl), GnuTLS (git, apt).</summary>
    [GeneratedRegex("invalid peer certificate: (?:UnknownIssuer|CaUsedAsEndEntity|Other)"
        + "|x509: certificate signed by unknown"
        + "|(?i:certificate verify failed|SSL certificate problem|certificate verification failed)")]
    private static partial Regex Untrusted();

    [GeneratedRegex("(?i:proxy.{0,80}407|407.{0,40}proxy|CONNECT tunnel failed, response 407)")]
    private static partial Regex WantsPassword();

    /// <summary>apt writes two blanks behind a status, and nobody else does.</summary>
    [GeneratedRegex("401  Unauthorized")]
    private static partial Regex AptUnauthorized();

    [GeneratedRegex("NO_PUBKEY|The repository '[^']*' is not signed")]
    private static partial Regex AptUnsigned();

    [GeneratedRegex("(?i:HTTP code 403 from proxy|CONNECT tunnel failed, response 403|Tunnel connection failed: 403"
        + "|proxyconnect.{0,80}Forbidden)")]
    private static partial Regex Refused();
}
