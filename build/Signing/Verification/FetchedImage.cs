using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// An image as a registry gives it out, on disk: every byte of it was compared with the digests that lead to it.
/// </summary>
/// <param name="Reference">Where it was asked for.</param>
/// <param name="Root">Its manifest or index.</param>
/// <param name="Layout">The image; null where part of it is not what it should be.</param>
/// <param name="Platforms">The manifests of its platforms, as far as they can be read.</param>
/// <param name="Others">What its index lists besides.</param>
/// <param name="Answer">Whether all of it is there and what it should be.</param>
sealed record FetchedImage(
    RegistryReference Reference, OciDescriptor Root, OciLayout? Layout, IReadOnlyList<OciDescriptor> Platforms,
        IReadOnlyList<OtherManifest> Others, Answer Answer)
{
    /// <summary>Blobs on their way at once.</summary>
    const int Parallelism = 4;

    /// <summary>The manifests that statements are made of: the index, where there is one, and the platforms'.</summary>
    public IReadOnlyList<OciDescriptor> Subjects =>
        Platforms.Any(x => x.Digest == Root.Digest) ? Platforms : [Root, .. Platforms];

    /// <param name="client">The registry.</param>
    /// <param name="reference">The image.</param>
    /// <param name="directory">Where the layout is made.</param>
    /// <exception cref="ProblemException">
    /// There is no such image, or its manifest or index is not what its digest says.
    /// </exception>
    public static async Task<FetchedImage> OfAsync(RegistryClient client, RegistryReference reference,
        AbsolutePath directory, CancellationToken cancellation = default)
    {
        var root = await client.GetManifestAsync(reference.Repository, reference.DigestOrTag,
            cancellation: cancellation)
            ?? throw new ProblemException($"There is no image {reference}",
                "See whether it was published, and under which tags: ./build.sh Tags");
        if (!OciMediaTypes.IsIndex(root.Descriptor.MediaType) && !OciMediaTypes.IsManifest(root.Descriptor.MediaType))
            throw new ProblemException($"{reference} is no image: its type is {root.Descriptor.MediaType}");
        var answers = new List<Answer>();
        async Task<T?> TryAsync<T>(Func<Task<T>> work)
        {
            try
            {
                return await work();
            }
            catch (ProblemException e)
            {
                lock (answers) answers.Add(Answer.Of(e));
                return default;
            }
        }

        Directory.CreateDirectory(directory / "blobs" / "sha256");
        void Keep(StoredManifest manifest) =>
            File.WriteAllBytes(ReproducibleImage.BlobIn(directory, manifest.Descriptor.Digest), manifest.Content);
        Keep(root);
        ReproducibleImage.WriteLayout(directory,
            ReproducibleImage.Descriptor(root.Descriptor.MediaType, root.Descriptor.Digest, root.Descriptor.Size));
        var image = await RemoteImage.OfAsync(client, reference, root, Keep, cancellation);
        var layout = OciLayout.Open(directory);
        var (manifests, blobs) =
            (new List<OciDescriptor>(), new Dictionary<string, OciDescriptor>(StringComparer.Ordinal));
        foreach (var platform in image.Platforms)
        {
            if (await TryAsync(async () =>
            {
                if (platform.Digest != root.Descriptor.Digest)
                    Keep(await ReadAsync(client, reference, platform, cancellation));
                return layout.ReadManifest(platform.Digest);
            }) is not { } manifest) continue;
            manifests.Add(platform);
            foreach (var blob in manifest.Layers.Append(manifest.Config)) blobs.TryAdd(blob.Digest, blob);
        }

        await Parallel.ForEachAsync(blobs.Values,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellation },
            async (blob, token) => await TryAsync(async () =>
            {
                await client.DownloadBlobAsync(reference.Repository, blob, layout.Blob(blob.Digest), token);
                return true;
            }));
        if (answers.Count == 0 && await TryAsync(() => Task.FromResult(layout.Manifests())) is { } whole)
            manifests = [.. whole];
        return new FetchedImage(reference, root.Descriptor, answers.Count == 0 ? layout : null, manifests,
            image.Others, Answer.All(answers) with
            {
                Notes = [.. image.Others.Select(x => $"the index lists {x}, which is no image")],
            });
    }

    static async Task<StoredManifest> ReadAsync(RegistryClient client, RegistryReference reference,
        OciDescriptor platform, CancellationToken cancellation)
    {
        ProblemException Wrong(string how) =>
            new($"{reference.Name}@{platform.Digest} ({platform.Platform}), which the index lists, {how}",
                "Have the registry's storage checked, and run Push again");
        var manifest = await client.GetManifestAsync(reference.Repository, platform.Digest, cancellation: cancellation)
            ?? throw Wrong("is not there");
        return manifest.Descriptor.Size == platform.Size ? manifest
            : throw Wrong($"has {manifest.Descriptor.Size} bytes and not {platform.Size}");
    }
}
