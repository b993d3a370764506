using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>
/// Whose signatures count when images are verified: those of a key, or of an identity that an issuer vouches for.
/// </summary>
/// <param name="Key">The public key.</param>
/// <param name="Identity">
/// In place of a key: what the signers' certificates have to name, such as the workflow that signed.
/// </param>
/// <param name="Issuer">Who has to have vouched for the identity.</param>
public sealed record Trust(KeyReference? Key, string? Identity, string? Issuer)
{
    /// <exception cref="ProblemException">Neither or both are given, or only half of an identity.</exception>
    public static Trust Of(KeyReference? key, string? identity, string? issuer)
    {
        const string remedy = "Give --verification-key, or --certificate-identity and --certificate-oidc-issuer";
        if (key is not null && (identity ?? issuer) is not null)
            throw new ProblemException("There are two answers to whose signatures count, a key and an identity",
                "Leave one of them out");
        if (key is null && identity is null && issuer is null)
            throw new ProblemException("Nothing says whose signatures count", remedy);
        if (key is null && (identity is null || issuer is null))
            throw new ProblemException(
                $"Whose signatures count is said by half: the {(identity is null ? "identity" : "issuer")} is missing",
                remedy);
        return new Trust(key, identity, issuer);
    }

    /// <summary>As cosign takes it.</summary>
    public IReadOnlyList<string> Arguments => Key is not null
        ? ["--key", Key.Text]
        : ["--certificate-identity", Identity!, "--certificate-oidc-issuer", Issuer!];

    public override string ToString() => Key?.Text ?? $"{Identity} of {Issuer}";
}
