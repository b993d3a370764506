using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpenStack.Oci;

/// <summary>
/// Digests as this project takes them: <c>sha256:</c> and 64 hexadecimal digits. They become names of files, so nothing
/// else will do.
/// </summary>
static partial class OciDigest
{
    public static bool Is(string text) => Sha256().IsMatch(text);

    /// <summary>Enough of one to tell it from others, for people: <c>sha256:0a1b2c3d4e5f</c>.</summary>
    public static string Short(string digest) => digest[..Math.Min(digest.Length, "sha256:".Length + 12)];

    /// <exception cref="JsonException">It is none.</exception>
    public static string Require(string text) => Is(text) ? text : throw new JsonException(
        Other().Match(text) is { Success: true } other && other.Groups["algorithm"]
            .Value is var algorithm and not "sha256"
            ? $"it has a digest of {algorithm} ('{text}'), and sha256 is all that is read here"
            : $"'{text}' is no sha256 digest");

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    /// <summary>Digests of whatever algorithm (OCI image specification 1.1, descriptor.md, "Digests").</summary>
    [GeneratedRegex(@"^(?<algorithm>[a-z0-9]+(?:[+._-][a-z0-9]+)*):[a-zA-Z0-9=_-]+\z")]
    private static partial Regex Other();
}
