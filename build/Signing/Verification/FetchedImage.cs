using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>An image as a registry gives it out, on disk: every byte of it was compared with the digests that lead to it.</summary>
/// <param name="Reference">Where it was asked for.</param>
/// <param name="Root">Its manifest or index.</param>
/// <param name="Layout">The image; null where part of it is not what it should be.</param>
/// <param name="Platforms">The manifests of its platforms, as far as they can be read.</param>
/// <param name="Problems">What is not there, or not what it should be.</param>
sealed record FetchedImage(RegistryReference Reference, OciDescriptor Root, OciLayout? Layout, IReadOnlyList<OciDescriptor> Platforms, IReadOnlyList<Problem> Problems)
{
    /// <summary>Blobs on their way at once.</summary>
    const int Parallelism = 4;

    /// <summary>The manifests that statements are made of: the index, where there is one, and the platforms'.</summary>
    public IReadOnlyList<OciDescriptor> Subjects => Platforms.Any(x => x.Digest == Root.Digest) ? Platforms : [Root, .. Platforms];

    /// <param name="client">The registry.</param>
    /// <param name="reference">The image.</param>
    /// <param name="directory">Where the layout is made.</param>
    /// <exception cref="ProblemException">There is no such image, or its manifest or index is not what its digest says.</exception>
    public static async Task<FetchedImage> OfAsync(RegistryClient client, RegistryReference reference, AbsolutePath directory, CancellationToken cancellation = default)
    {
        var root = await client.GetManifestAsync(reference.Repository, reference.DigestOrTag, cancellation: cancellation)
            ?? throw new ProblemException($"There is no image {reference}", "See whether it was published, and under which tags: ./build.sh Tags");
        var problems = new List<Problem>();
        async Task<bool> TryAsync(Func<Task> work)
        {
            try
            {
                await work();
                return true;
            }
            catch (ProblemException e)
            {
                lock (problems) problems.AddRange(e.Problems);
                return false;
            }
        }

        Directory.CreateDirectory(directory / "blobs" / "sha256");
        void Keep(StoredManifest manifest) => File.WriteAllBytes(ReproducibleImage.BlobIn(directory, manifest.Descriptor.Digest), manifest.Content);
        Keep(root);
        if (!OciMediaTypes.IsIndex(root.Descriptor.MediaType) && root.Descriptor.MediaType is not (OciMediaTypes.Manifest or OciMediaTypes.DockerManifest))
            throw new ProblemException($"{reference} is no image: its type is {root.Descriptor.MediaType}");
        ReproducibleImage.WriteLayout(directory, ReproducibleImage.Descriptor(root.Descriptor.MediaType, root.Descriptor.Digest, root.Descriptor.Size));
        var layout = OciLayout.Open(directory);
        if (OciMediaTypes.IsIndex(root.Descriptor.MediaType))
        {
            foreach (var platform in layout.Manifests())
            {
                await TryAsync(async () => Keep(await client.GetManifestAsync(reference.Repository, platform.Digest, cancellation: cancellation) is { } manifest
                    ? manifest.Descriptor.Size == platform.Size ? manifest : throw Missing(reference, platform, $"has {manifest.Descriptor.Size} bytes and not {platform.Size}")
                    : throw Missing(reference, platform, "is not there")));
            }
        }

        var manifests = (OciMediaTypes.IsIndex(root.Descriptor.MediaType) ? layout.Manifests() : [layout.Root]).Where(x => File.Exists(layout.Blob(x.Digest))).ToList();
        var blobs = new Dictionary<string, OciDescriptor>(StringComparer.Ordinal);
        foreach (var manifest in manifests.ToList())
        {
            if (!await TryAsync(() =>
            {
                var read = layout.ReadManifest(manifest.Digest);
                foreach (var blob in read.Layers.Append(read.Config)) blobs.TryAdd(blob.Digest, blob);
                return Task.CompletedTask;
            })) manifests.Remove(manifest);
        }

        await Parallel.ForEachAsync(blobs.Values, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellation },
            async (blob, token) => await TryAsync(() => client.DownloadBlobAsync(reference.Repository, blob, layout.Blob(blob.Digest), token)));
        if (problems.Count == 0) await TryAsync(() =>
        {
            manifests = [.. layout.Manifests()];
            return Task.CompletedTask;
        });
        return new FetchedImage(reference, root.Descriptor, problems.Count == 0 ? layout : null, manifests, problems);
    }

    static ProblemException Missing(RegistryReference reference, OciDescriptor manifest, string how) =>
        new($"{reference.Name}@{manifest.Digest} ({manifest.Platform}), which the index lists, {how}", "Have the registry's storage checked, and run Push again");
}
