using Nuke.Common;
using OpenStack.Signing;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>Whose signatures of published images count.</summary>
interface IHazTrust : IHazCosign
{
    [Parameter(
        "Public key that images have to be signed with: a file, env://VARIABLE or the URI of a key management service")]
    string? VerificationKey => TryGetValue(() => VerificationKey);

    [Parameter(
        "In place of a key: the identity that signed, such as " +
        "https://github.com/<owner>/<repository>/.github/workflows/<file>@refs/heads/main")]
    string? CertificateIdentity => TryGetValue(() => CertificateIdentity);

    [Parameter("Who vouches for that identity, such as https://token.actions.githubusercontent.com")]
    string? CertificateOidcIssuer => TryGetValue(() => CertificateOidcIssuer);

    /// <summary>Whether anything says it.</summary>
    bool HasTrust => (VerificationKey ?? CertificateIdentity ?? CertificateOidcIssuer) is not null;

    /// <exception cref="Diagnostics.ProblemException">Nothing says it, or only by half.</exception>
    Trust Trust => Trust.Of(
        VerificationKey is null ? null : KeyReference.Of(VerificationKey, "--verification-key", RootDirectory),
        CertificateIdentity, CertificateOidcIssuer);

    /// <summary>The key to that, where there is one.</summary>
    async Task<PublicKey?> TrustedKeyAsync(Trust trust) => trust.Key is null ? null
        : await CosignProgram.PublicKeyAsync(trust.Key);
}
