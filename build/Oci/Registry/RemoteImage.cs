using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>An image as a registry has it now: what a reference leads to, without the layers.</summary>
/// <param name="Reference">Where it was asked for.</param>
/// <param name="Digest">Of its index, or of its one manifest.</param>
/// <param name="Manifests">All that its index lists, or its one. Of an image that is no index the platform is in its configuration alone.</param>
public sealed record RemoteImage(RegistryReference Reference, string Digest, IReadOnlyList<OciDescriptor> Manifests)
{
    /// <summary>What indexes call the platform of a manifest that is no image, such as BuildKit's attestations.</summary>
    const string NoPlatform = "unknown/unknown";

    /// <summary>The manifests that are images, one per platform.</summary>
    public IEnumerable<OciDescriptor> Platforms => Manifests.Where(x => x.Platform != NoPlatform);

    /// <summary>The image; null where there is none of that name.</summary>
    /// <param name="client">Its registry.</param>
    /// <exception cref="ProblemException">The registry cannot be asked, or what it has is none.</exception>
    public static async Task<RemoteImage?> FindAsync(RegistryClient client, RegistryReference reference, CancellationToken cancellation = default)
    {
        if (await client.GetManifestAsync(reference.Repository, reference.DigestOrTag, cancellation: cancellation) is not { } root) return null;
        return new RemoteImage(reference, root.Descriptor.Digest, OciMediaTypes.IsIndex(root.Descriptor.MediaType) ? Parse(reference, root.Content, OciIndex.Read) : [root.Descriptor]);
    }

    /// <summary>The configuration of one platform.</summary>
    /// <param name="client">The registry.</param>
    /// <param name="manifest">One of <see cref="Platforms"/>.</param>
    /// <exception cref="ProblemException">The registry does not have it, or it is none.</exception>
    public async Task<OciConfig> ReadConfigAsync(RegistryClient client, OciDescriptor manifest, CancellationToken cancellation = default)
    {
        var stored = await client.GetManifestAsync(Reference.Repository, manifest.Digest, cancellation: cancellation)
            ?? throw new ProblemException($"{Reference.Name}@{manifest.Digest} ({manifest.Platform}), which {Reference} lists, is not there", "Have the registry's storage checked, and run Push again");
        var config = Parse(Reference, stored.Content, x => OciManifest.Read(manifest.Digest, x)).Config;
        return Parse(Reference, await client.GetBlobAsync(Reference.Repository, config, cancellation), OciConfig.Read);
    }

    static T Parse<T>(RegistryReference reference, byte[] content, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            return read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException($"{reference} cannot be understood: {e.Message}", inner: e);
        }
    }
}
