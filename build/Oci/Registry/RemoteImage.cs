using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>An image as a registry has it now: what a reference leads to, without the layers.</summary>
/// <param name="Reference">Where it was asked for.</param>
/// <param name="Digest">Of its index, or of its one manifest.</param>
/// <param name="Platforms">The manifests that are images, one per platform (<see cref="ImageManifests"/>). Each says
/// which.</param>
/// <param name="Others">What its index lists besides.</param>
public sealed record RemoteImage(RegistryReference Reference, string Digest, IReadOnlyList<OciDescriptor> Platforms,
    IReadOnlyList<OtherManifest> Others)
{
    /// <summary>The image; null where there is none of that name.</summary>
    /// <param name="client">Its registry.</param>
    /// <exception cref="ProblemException">The registry cannot be asked, or what it has is none.</exception>
    public static async Task<RemoteImage?> FindAsync(RegistryClient client, RegistryReference reference,
        CancellationToken cancellation = default) =>
        await client.GetManifestAsync(reference.Repository, reference.DigestOrTag,
            cancellation: cancellation) is { } root
            ? await OfAsync(client, reference, root, cancellation: cancellation) : null;

    /// <summary>The image that a manifest or an index is.</summary>
    /// <param name="client">The registry.</param>
    /// <param name="reference">Where it was asked for.</param>
    /// <param name="root">What the registry gave.</param>
    /// <exception cref="ProblemException">The registry does not have all of it, or it is none.</exception>
    /// <param name="onRead">Told of each index and manifest that was read.</param>
    internal static async Task<RemoteImage> OfAsync(
        RegistryClient client, RegistryReference reference, StoredManifest root, Action<StoredManifest>? onRead = null,
            CancellationToken cancellation = default)
    {
        async ValueTask<byte[]> ManifestAsync(OciDescriptor x)
        {
            var stored = await ReadAsync(client, reference, x, cancellation);
            onRead?.Invoke(stored);
            return stored.Content;
        }

        var source = new ImageManifests.Source(ManifestAsync,
            async x => await client.GetBlobAsync(reference.Repository, x, cancellation), BelievesPlatforms: true);
        var found =
            await UnderstandAsync(reference, async () =>
            await ImageManifests.OfAsync(root.Descriptor, root.Content, source));
        return found.Images.Count > 0 ? new RemoteImage(reference, root.Descriptor.Digest, found.Images, found.Others)
            : throw new ProblemException(
            new Problem($"{reference} is no image{string.Concat(found.Others.Select(x => $", but {x}"))}",
                Expected: "the image of a container"));
    }

    /// <summary>The configuration of one platform.</summary>
    /// <param name="client">The registry.</param>
    /// <param name="manifest">One of <see cref="Platforms"/>.</param>
    /// <exception cref="ProblemException">The registry does not have it, or it is none.</exception>
    public async Task<OciConfig> ReadConfigAsync(RegistryClient client, OciDescriptor manifest,
        CancellationToken cancellation = default)
    {
        var config = (await ReadManifestAsync(client, manifest, cancellation)).Config;
        return await UnderstandAsync(Reference, async () =>
            OciJson.Parse(await client.GetBlobAsync(Reference.Repository, config, cancellation), OciConfig.Read));
    }

    /// <summary>The manifest of one platform.</summary>
    /// <inheritdoc cref="ReadConfigAsync"/>
    public async Task<OciManifest> ReadManifestAsync(RegistryClient client, OciDescriptor manifest,
        CancellationToken cancellation = default) => await UnderstandAsync(
        Reference, async () =>
            OciJson.Parse((await ReadAsync(client, Reference, manifest, cancellation)).Content, x =>
            OciManifest.Read(manifest.Digest, x)));

    static async Task<StoredManifest> ReadAsync(RegistryClient client, RegistryReference reference,
        OciDescriptor manifest, CancellationToken cancellation) =>
        await client.GetManifestAsync(reference.Repository, manifest.Digest, cancellation: cancellation)
        ?? throw new ProblemException(
            $"{reference.Name}@{manifest.Digest} ({manifest.Platform}), which {reference} lists, is not there",
            "Have the registry's storage checked, and run Push again");

    static async Task<T> UnderstandAsync<T>(RegistryReference reference, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (JsonException e)
        {
            throw new ProblemException($"{reference} cannot be understood: {e.Message}", inner: e);
        }
    }
}
