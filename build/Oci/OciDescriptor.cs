using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>
/// What an index, a manifest or a referrer says of content elsewhere (OCI image specification 1.1, descriptor.md).
/// </summary>
/// <param name="MediaType">Type of the content.</param>
/// <param name="Digest">Of the content, <c>sha256:…</c>.</param>
/// <param name="Size">Of the content, in bytes.</param>
public sealed record OciDescriptor(string MediaType, string Digest, long Size)
{
    /// <summary>Operating system and architecture, <c>linux/amd64</c>, of a manifest that is an image's.</summary>
    public string? Platform { get; init; }

    /// <summary>
    /// A configuration that says nothing (image specification 1.1, "Guidance for an Empty Descriptor").
    /// </summary>
    internal static OciDescriptor Empty { get; } = new(OciMediaTypes.Empty, Storage.Digest.OfBytes(EmptyContent),
        EmptyContent.Length);

    internal static ReadOnlySpan<byte> EmptyContent => "{}"u8;

    /// <summary>As others refer to it: without its platform.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteMembers(json);
        json.WriteEndObject();
    }

    internal void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("mediaType", MediaType);
        json.WriteString("digest", Digest);
        json.WriteNumber("size", Size);
    }

    /// <param name="json">The descriptor.</param>
    /// <param name="type">Its media type where it does not say it, which it has to.</param>
    /// <exception cref="JsonException">It lacks a member, or one has the wrong type.</exception>
    internal static OciDescriptor Read(JsonElement json, string type) => new(
        OciJson.Text(json, "mediaType") ?? type,
        OciDigest.Require(OciJson.Require(json, "digest", JsonValueKind.String).GetString()!),
        OciJson.Require(json, "size", JsonValueKind.Number).TryGetInt64(out var size) && size >= 0
            ? size
            : throw new JsonException("size is no length in bytes"))
    {
        Platform = json.TryGetProperty("platform", out var platform)
            && OciJson.Text(platform, "os") is { } os
            && OciJson.Text(platform, "architecture") is { } architecture
            ? PlatformName.Normal(string.Join('/',
                new[] { os, architecture, OciJson.Text(platform, "variant") }.OfType<string>()))
            : null,
    };

    /// <inheritdoc cref="Read(JsonElement, string)"/>
    internal static OciDescriptor Read(JsonElement json) => Read(json, OciMediaTypes.Manifest);
}
