using System.Text.RegularExpressions;

namespace OpenStack.Images;

/// <summary>
/// Whether a step may do better in a moment with nothing changed: what those say that download in steps (apt, uv, Go,
/// BuildKit itself) of a network or a server. That something is not there, is another one than was asked for, or wants
/// a password, does not pass.
/// </summary>
static partial class PassingFailure
{
    /// <param name="failure">The step that failed, with the end of its output.</param>
    public static bool Is(string failure) => Passing().IsMatch(failure) && !Lasting().IsMatch(failure);

    /// <summary>
    /// In the words of the C library, of Go and of Rust; then apt's own, and servers as apt, uv, Go and BuildKit quote
    /// them. What Python says of a file that ends too early goes on after the same words as Go's.
    /// </summary>
    [GeneratedRegex(
        """
        Connection\ reset\ by\ peer | (Connection|operation)\ timed\ out | i/o\ timeout | TLS\ handshake\ timeout
        | Temporary\ failure\ (resolving|in\ name\ resolution) | connection\ closed\ before\ message\ completed
        | :\ unexpected\ EOF\s*$ | ^\s*E:\ Failed\ to\ fetch\ .*\ Connection\ failed
        | ^\s*(E:|W:|Err:\d+).*\ (Could\ not|Unable\ to)\ connect\ to\ 
        | \b(429\s+Too\ Many\ Requests | 502\s+Bad\ Gateway | 503\s+Service\ Unavailable | 504\s+Gateway\ Time)
        """,
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Passing();

    [GeneratedRegex(
        """
        \b(401\s+Unauthorized | 403\s+Forbidden | 404\s+Not\ Found | 407\s+Proxy\ Authentication)
        | (hash|hash\ sum|checksum|digest)\ mismatch | certificate\ (verify\ failed|signed\ by\ unknown)
        | invalid\ peer\ certificate
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Lasting();
}
