using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>What a statement can say of an image (in-toto attestation framework, predicate type).</summary>
public static class PredicateTypes
{
    /// <summary>
    /// "This is signed", with an empty predicate: what <c>cosign sign</c> of version 3 writes, and <c>cosign verify</c>
    /// looks for.
    /// </summary>
    public const string Signature = AttachedBundle.Signature;

    /// <summary>CycloneDX; cosign's type <c>cyclonedx</c>.</summary>
    public const string Sbom = "https://cyclonedx.org/bom";

    /// <summary>SLSA provenance 1; cosign's type <c>slsaprovenance1</c>.</summary>
    public const string Provenance = "https://slsa.dev/provenance/v1";

    /// <summary>The name that messages call it by.</summary>
    public static string NameOf(string type) => type switch
    {
        Signature => "signature",
        Sbom => "SBOM",
        Provenance => "provenance",
        _ => type,
    };
}
