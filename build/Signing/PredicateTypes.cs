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

    /// <summary>in-toto's test result.</summary>
    public const string TestResult = "https://in-toto.io/attestation/test-result/v0.1";

    /// <summary>OpenVEX, by the version that documents name as their context.</summary>
    public const string OpenVex = "https://openvex.dev/ns/v0.2.0";

    /// <summary>
    /// CycloneDX that says nothing but vulnerabilities: a type of its own, so that nobody takes it for the SBOM.
    /// </summary>
    public const string CycloneDxVex = "https://cyclonedx.org/vex";

    /// <summary>What this build says that an image brings; its address leads to what the fields mean.</summary>
    public const string ReleaseNotes =
        "https://github.com/c5c3/openstack-images/blob/main/build/Notes/release-notes-v1.md";

    /// <summary>SLSA's summary of a verification (VSA).</summary>
    public const string VerificationSummary = "https://slsa.dev/verification_summary/v1";

    /// <summary>The name that messages call it by.</summary>
    public static string NameOf(string type) => type switch
    {
        Signature => "signature",
        Sbom => "SBOM",
        Provenance => "provenance",
        TestResult => "test result",
        OpenVex => "OpenVEX",
        CycloneDxVex => "CycloneDX VEX",
        ReleaseNotes => "release notes",
        VerificationSummary => "verification summary",
        _ => type,
    };
}
