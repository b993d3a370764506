using System.Text.Json;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// A Sigstore bundle (github.com/sigstore/protobuf-specs, sigstore_bundle.proto) with a DSSE envelope
/// (github.com/secure-systems-lab/dsse, envelope.md) around an in-toto statement. Whether it is believed is another
/// matter: a registry may hand out anything.
/// </summary>
/// <param name="MediaType">Type and version of the bundle.</param>
/// <param name="Payload">Bytes of the statement, as they were signed.</param>
/// <param name="Statement">The statement.</param>
/// <param name="Signatures">At least one.</param>
/// <param name="HasCertificate">
/// Whether it was signed with a key that a certificate in it names, and not with one that the reader has.
/// </param>
public sealed record SigstoreBundle(string MediaType, byte[] Payload, InTotoStatement Statement,
    IReadOnlyList<byte[]> Signatures, bool HasCertificate)
{
    /// <summary>The version that cosign 3 writes.</summary>
    public const string Version3 = Referrer.BundleType;

    /// <summary>Of the bundle.</summary>
    public required string Digest { get; init; }

    /// <summary>
    /// What the bundle itself says of the key that it was signed with: of cosign's the SHA-256 of its
    /// <c>SubjectPublicKeyInfo</c>, in base64. Nobody vouches for it; null where it says nothing.
    /// </summary>
    public string? KeyHint { get; init; }

    /// <summary>
    /// The bytes that are signed: DSSE's pre-authentication encoding (protocol.md) of type and payload.
    /// </summary>
    public byte[] SignedBytes =>
    [
        .. System.Text.Encoding.UTF8.GetBytes($"DSSEv1 {InTotoStatement.PayloadType.Length} "
            + $"{InTotoStatement.PayloadType} {Payload.Length} "),
        .. Payload,
    ];

    /// <exception cref="JsonException">It is no such bundle; says what it lacks.</exception>
    public static SigstoreBundle Read(ReadOnlyMemory<byte> bytes) =>
        OciJson.Parse(bytes, x => Parse(x, Storage.Digest.OfBytes(bytes.Span)));

    static SigstoreBundle Parse(JsonElement json, string digest)
    {
        var type = OciJson.Require(json, "mediaType", JsonValueKind.String).GetString()!;
        if (type != Version3) throw new JsonException($"its type is '{type}', and not {Version3}");
        var envelope = OciJson.Require(json, "dsseEnvelope", JsonValueKind.Object);
        var payloadType = OciJson.Require(envelope, "payloadType", JsonValueKind.String).GetString();
        if (payloadType != InTotoStatement.PayloadType)
            throw new JsonException($"payloadType is '{payloadType}', and not {InTotoStatement.PayloadType}");
        var payload = Base64(envelope, "payload");
        var signatures = OciJson.Require(envelope, "signatures", JsonValueKind.Array)
            .EnumerateArray()
            .Select(x => Base64(x, "sig"))
            .ToList();
        if (signatures.Count == 0) throw new JsonException("signatures is empty");
        var material = OciJson.Require(json, "verificationMaterial", JsonValueKind.Object);
        var hasCertificate = material.TryGetProperty("certificate", out _)
            || material.TryGetProperty("x509CertificateChain", out _);
        var hint = material.TryGetProperty("publicKey", out var key) ? OciJson.Text(key, "hint") : null;
        return new SigstoreBundle(type, payload, InTotoStatement.Read(payload), signatures,
            hasCertificate)
        { KeyHint = hint, Digest = digest };
    }

    static byte[] Base64(JsonElement json, string name) =>
        OciJson.Require(json, name, JsonValueKind.String).TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw new JsonException($"{name} is not in base64");
}
