using System.Text.Json;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// An in-toto statement (in-toto attestation framework, spec/v1/statement.md): what is said, and of which artifacts.
/// </summary>
/// <param name="Subjects">Digests of the artifacts, <c>sha256:…</c>; a subject without one is left out.</param>
/// <param name="PredicateType">What kind of thing is said.</param>
/// <param name="Predicate">What is said.</param>
public sealed record InTotoStatement(IReadOnlyList<string> Subjects, string PredicateType, JsonElement Predicate)
{
    /// <summary>Type of the payload of the envelope that it comes in.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>Type of a statement.</summary>
    public const string Version1 = "https://in-toto.io/Statement/v1";

    /// <summary>Both versions have the same members; cosign writes the first.</summary>
    static readonly string[] s_types = ["https://in-toto.io/Statement/v0.1", Version1];

    /// <exception cref="JsonException">It is no statement.</exception>
    public static InTotoStatement Read(ReadOnlyMemory<byte> bytes) => OciJson.Parse(bytes, Parse);

    static InTotoStatement Parse(JsonElement json)
    {
        var type = OciJson.Require(json, "_type", JsonValueKind.String).GetString();
        if (!s_types.Contains(type)) throw new JsonException($"'{type}' is no type of in-toto statement");
        return new InTotoStatement(
            [.. OciJson.Require(json, "subject", JsonValueKind.Array).EnumerateArray().Select(DigestOf)
                .OfType<string>()],
            OciJson.Require(json, "predicateType", JsonValueKind.String).GetString()!,
            OciJson.Require(json, "predicate", JsonValueKind.Object).Clone());
    }

    static string? DigestOf(JsonElement subject) =>
        subject.ValueKind == JsonValueKind.Object
            && subject.TryGetProperty("digest", out var digests)
            && OciJson.Text(digests, "sha256") is { } hex
            && OciDigest.Is($"sha256:{hex}")
            ? $"sha256:{hex}"
            : null;
}
