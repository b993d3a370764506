using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>An image that comes from outside, pinned: what its name meant when it was looked up.</summary>
/// <param name="Name">As a person wrote it: <c>ubuntu:noble</c>; of a layout, the name that it stands in for.</param>
/// <param name="Digest">Of its manifest or index.</param>
/// <param name="Created">When it was made, as it says of itself.</param>
/// <param name="Context">As BuildKit takes it for a named context.</param>
public sealed record ImageReference(string Name, string Digest, DateTimeOffset Created, string Context)
{
    /// <summary>An OCI layout on disk in place of an image in a registry.</summary>
    public static ImageReference OfLayout(string name, AbsolutePath directory)
    {
        var layout = OciLayout.Open(directory);
        return new ImageReference(name, layout.Digest, layout.ReadConfig().Created, layout.Context);
    }

    /// <summary>An image in a registry, by the digest that its tag has now.</summary>
    public static async Task<ImageReference> OfRegistryAsync(string name, Buildx buildx, CancellationToken cancellation = default)
    {
        var (digest, created) = await buildx.InspectAsync(name, cancellation);
        return new ImageReference(name, digest, created, $"docker-image://{Repository(name)}@{digest}");
    }

    /// <summary>The name without tag and digest: <c>ghcr.io/astral-sh/uv:0.9@sha256:…</c> is <c>ghcr.io/astral-sh/uv</c>.</summary>
    public static string Repository(string name)
    {
        var plain = name.Split('@')[0];
        var colon = plain.LastIndexOf(':');
        return colon > plain.LastIndexOf('/') ? plain[..colon] : plain;
    }

    /// <summary>
    /// Reads <c>docker buildx imagetools inspect --format '{{json .}}'</c>: <c>manifest.digest</c>, and <c>image.created</c>, which
    /// is by platform where there are several.
    /// </summary>
    public static (string Digest, DateTimeOffset Created) ReadInspection(string text, string reference)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var digest = json.RootElement.GetProperty("manifest").GetProperty("digest").GetString()!;
            var image = json.RootElement.GetProperty("image");
            if (!image.TryGetProperty("created", out var created))
            {
                created = image.EnumerateObject().Select(x => x.Value.GetProperty("created")).MaxBy(x => x.GetDateTimeOffset());
            }

            return (digest, created.GetDateTimeOffset());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ProblemException($"The description of the image {reference} cannot be read: {e.Message}", inner: e);
        }
    }
}
