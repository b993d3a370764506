using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>
/// A key as cosign is told about it: a file, <c>env://VARIABLE</c>, or the URI of one that a key management service
/// keeps.
/// </summary>
/// <param name="Text">What cosign gets: of a file its absolute path.</param>
/// <param name="IsHere">
/// Whether the key itself is in reach, in a file or a variable; its password is then <c>COSIGN_PASSWORD</c>.
/// </param>
public sealed record KeyReference(string Text, bool IsHere)
{
    const string Environment = "env";

    static readonly string[] s_services = ["awskms", "azurekms", "gcpkms", "gitlab", "hashivault", "k8s"];

    /// <param name="text">As a user gave it.</param>
    /// <param name="parameter">The parameter that it is the value of, for messages: <c>--signing-key</c>.</param>
    /// <param name="root">What relative paths are relative to.</param>
    /// <exception cref="ProblemException">
    /// There is no such key, as far as that can be told without asking a service.
    /// </exception>
    public static KeyReference Of(string text, string parameter, AbsolutePath root)
    {
        // RFC 7512; the one URI here that has no authority.
        if (text.StartsWith("pkcs11:", StringComparison.Ordinal)) return new KeyReference(text, IsHere: false);
        if (text.Split("://", 2) is [var scheme, var rest])
        {
            if (scheme != Environment && !s_services.Contains(scheme))
                throw new ProblemException(new Problem(
                    $"{parameter}: '{scheme}://' is no place for keys that cosign knows",
                    Expected: $"a file, {Environment}://VARIABLE, pkcs11:… or "
                        + $"{string.Join(", ", s_services.Select(x => $"{x}://…"))}",
                    Remedy: Suggest.DidYouMean(scheme, s_services.Append(Environment))));
            if (scheme == Environment && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable(rest)))
                throw new ProblemException($"{parameter}: the environment variable {rest} is not set, or empty",
                    "Put the key's text into it");
            return new KeyReference(text, IsHere: scheme == Environment);
        }

        AbsolutePath file = Path.GetFullPath(text, root);
        return File.Exists(file)
            ? new KeyReference(file, IsHere: true)
            : throw new ProblemException($"{parameter}: there is no key file {file}",
                "'cosign generate-key-pair' makes one");
    }

    /// <summary>The key's text where it is in reach, otherwise null.</summary>
    public string? Read() => !IsHere ? null
        : Text.StartsWith($"{Environment}://", StringComparison.Ordinal)
            ? System.Environment.GetEnvironmentVariable(Text[(Environment.Length + 3)..]) : File.ReadAllText(Text);

    public override string ToString() => Text;
}
