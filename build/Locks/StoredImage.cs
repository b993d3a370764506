using System.Text;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>
/// A locked image in the store, for one platform. Its index, manifest, configuration and layers are addressed by their
/// digests anyway; where a directory stands in for an image, its list and its files are.
/// </summary>
/// <param name="image">What is locked.</param>
public sealed class StoredImage(InputStore store, LockedImage image, string platform)
{
    const string Remedy = "Run the target Prefetch";

    /// <summary>Brings what leads to its blobs into the store, where it is not there yet.</summary>
    /// <param name="place">Where the image is to be had; it is asked for what the store lacks alone.</param>
    /// <returns>All that the image consists of, with where each is to be had.</returns>
    /// <exception cref="ProblemException">It has another image, or no such platform, or cannot be reached.</exception>
    public Task<IReadOnlyList<WantedInput>> FindAsync(Func<ImagePlace> place, CancellationToken cancellation = default)
    {
        var source = new Lazy<ImagePlace>(place);
        return PartsAsync(async digest =>
        {
            if (await ReadAsync(digest, cancellation) is { } stored) return stored;
            var content = await source.Value.RequireAsync(image with { Digest = digest }, cancellation);
            var found = await store.AddAsync(
                Sha256(digest), () => new MemoryStream(content), cancellation: cancellation);
            return found == Sha256(digest)
                ? content
                : throw new ProblemException(new Problem($"{image.Name}: what is called {digest} is sha256:{found}",
                    Remedy: "Copy the image again from where it came from"));
        }, (name, sha256, size) => Want(name, sha256, size, source));
    }

    /// <summary>Where all is in the store already, the place need not be there any more.</summary>
    WantedInput Want(string name, string sha256, long? size, Lazy<ImagePlace> source)
    {
        try
        {
            return source.Value.Want(name, sha256, size);
        }
        catch (ProblemException) when (store.Has(sha256))
        {
            return new WantedInput(name, sha256, size, []);
        }
    }

    /// <summary>All that the image consists of.</summary>
    /// <exception cref="ProblemException">The store lacks what leads to it, or it has other bytes.</exception>
    public Task<IReadOnlyList<WantedInput>> PartsAsync(CancellationToken cancellation = default) =>
        PartsAsync(x => RequireAsync(x, cancellation), (name, sha256, size) => new WantedInput(name, sha256, size, []));

    /// <summary>What of the image is in the store, whatever else it lacks: nothing of it is to be removed.</summary>
    public async Task<IReadOnlyList<string>> PresentAsync(CancellationToken cancellation = default)
    {
        try
        {
            return [.. (await PartsAsync(cancellation)).Select(x => x.Sha256)];
        }
        catch (ProblemException)
        {
            return [Sha256(image.Digest)];
        }
    }

    /// <summary>
    /// Lays the image out as BuildKit takes it for a context: a layout of the platform alone, or a directory.
    /// </summary>
    /// <param name="directory">Where it is to be.</param>
    /// <exception cref="ProblemException">The store lacks part of it.</exception>
    public async Task<ImageReference> LayAsync(AbsolutePath directory, CancellationToken cancellation = default)
    {
        var root = await RequireAsync(image.Digest, cancellation);
        var stage = new Stage(directory, new StageInputs().Add("digest", image.Digest).Add("platform", platform));
        var isList = DirectoryList.Is(root);
        // Programs are copied, as they need modes of their own: what has become of the copy, nobody else looks at.
        var again = isList && stage.IsUpToDate && Digest.OfDirectory(directory) != image.Digest;
        await Stage.MakeAllAsync([stage], async work =>
        {
            if (isList) DirectoryList.Make(ListOf(root), x => store.PathOf(Sha256(x)), work[0].Aside);
            else await LayLayoutAsync(work[0].Aside, cancellation);
        }, again, cancellation: cancellation);
        return ImageReference.OfDirectory(directory, platform) with { Name = image.Name, Digest = image.Digest };
    }

    async Task LayLayoutAsync(AbsolutePath directory, CancellationToken cancellation)
    {
        var manifest = await ManifestAsync(x => RequireAsync(x, cancellation));
        var blobs = directory / "blobs" / "sha256";
        Directory.CreateDirectory(blobs);
        foreach (var part in await PartsAsync(cancellation))
            LinkedFile.Create(store.PathOf(part.Sha256), blobs / part.Sha256);
        await File.WriteAllBytesAsync(
            directory / "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), cancellation);
        await File.WriteAllBytesAsync(directory / LayoutTar.Index, OciIndex.Write(manifest), cancellation);
    }

    async Task<IReadOnlyList<WantedInput>> PartsAsync(Func<string, Task<byte[]>> read,
        Func<string, string, long?, WantedInput> want)
    {
        var root = await read(image.Digest);
        if (DirectoryList.Is(root))
        {
            var files = ListOf(root).Where(x => !x.IsLink).DistinctBy(x => x.Content)
                .Select(x => want($"{x.Name} of {image.Name}", Sha256(x.Content), null));
            return [want($"list of {image.Name}", Sha256(image.Digest), root.Length), .. files];
        }

        var descriptor = await ManifestAsync(read);
        var content = await read(descriptor.Digest);
        var manifest = await UnderstandAsync(async () =>
            OciJson.Parse(await read(descriptor.Digest), x => OciManifest.Read(descriptor.Digest, x)));
        return
        [
            .. descriptor.Digest == image.Digest
                ? Array.Empty<WantedInput>()
                : [want($"index of {image.Name}", Sha256(image.Digest), root.Length)],
            want($"manifest of {image.Name}", Sha256(descriptor.Digest), content.Length),
            want($"configuration of {image.Name}", Sha256(manifest.Config.Digest), manifest.Config.Size),
            .. manifest.Layers.DistinctBy(x => x.Digest)
                .Select((x, i) => want($"layer {i + 1} of {image.Name}", Sha256(x.Digest), x.Size)),
        ];
    }

    /// <summary>The manifest of the platform.</summary>
    async Task<OciDescriptor> ManifestAsync(Func<string, Task<byte[]>> read)
    {
        var root = await read(image.Digest);
        return await UnderstandAsync(async () =>
        {
            if (!OciJson.Parse(root, x => x.TryGetProperty("manifests", out _)))
                return new OciDescriptor(OciMediaTypes.Manifest, image.Digest, root.Length);
            ValueTask<byte[]> Read(OciDescriptor x) => new(read(x.Digest));
            var found = await ImageManifests.OfAsync(new OciDescriptor(OciMediaTypes.Index, image.Digest, root.Length),
                root, new ImageManifests.Source(Read, Read, BelievesPlatforms: true));
            var platforms = string.Join(", ", found.Images.Select(x => x.Platform));
            return found.Images.FirstOrDefault(x => x.Platform == platform) ?? throw new ProblemException(
                $"{image.Name} has no image of {platform}; it has {platforms}", "Choose others with --platform");
        });
    }

    /// <summary>What is in the store under a digest; null where it is not, or is something else by now.</summary>
    async Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation)
    {
        if (!store.Has(Sha256(digest))) return null;
        var content = await File.ReadAllBytesAsync(store.PathOf(Sha256(digest)), cancellation);
        if (Digest.OfBytes(content) == digest) return content;
        File.Delete(store.PathOf(Sha256(digest)));
        return null;
    }

    async Task<byte[]> RequireAsync(string digest, CancellationToken cancellation)
    {
        var wasThere = store.Has(Sha256(digest));
        return await ReadAsync(digest, cancellation) ?? throw new ProblemException(new Problem(
            wasThere ? InputStore.Damaged($"image {image.Name}") : InputStore.Missing($"image {image.Name}"),
            Expected: $"{digest} in {store.Directory}", Remedy: Remedy));
    }

    IReadOnlyList<ListedFile> ListOf(byte[] content)
    {
        try
        {
            return DirectoryList.Parse(Encoding.UTF8.GetString(content));
        }
        catch (FormatException e)
        {
            throw NotUnderstood(e);
        }
    }

    async Task<T> UnderstandAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (JsonException e)
        {
            throw NotUnderstood(e);
        }
    }

    ProblemException NotUnderstood(Exception e) =>
        new(new Problem($"{image.Name}, {image.Digest}, cannot be understood: {e.Message}",
            Expected: "an image, or the list of a directory"), e);

    static string Sha256(string digest) => digest["sha256:".Length..];
}
