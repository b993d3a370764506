namespace OpenStack.Oci;

/// <summary>What a registry is told to let us in. No record: those print all they hold.</summary>
/// <param name="user">Name of the user; empty with an identity token.</param>
/// <param name="secret">Password or token.</param>
/// <param name="source">Where it is from, for messages.</param>
public sealed class RegistryCredential(string user, string secret, string source)
{
    /// <summary>The name under which credential helpers hand out an identity token.</summary>
    internal const string TokenUser = "<token>";

    public string User => user;

    public string Secret => secret;

    /// <summary>File or program that it is from.</summary>
    public string Source => source;

    /// <summary>What to do where a registry does not take it; null for logging in anew.</summary>
    public string? Remedy { get; init; }

    /// <summary>
    /// Whether the secret is a refresh token of OAuth 2, which a token server takes in place of a password.
    /// </summary>
    public bool IsIdentityToken => user is "" or TokenUser;

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"credentials from {source}";
}
