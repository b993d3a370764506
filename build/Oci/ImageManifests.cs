using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>Something that an index lists and that is no image.</summary>
/// <param name="Digest">As the index has it.</param>
/// <param name="What">What it is, as far as it says: a type, most of the time.</param>
public sealed record OtherManifest(string Digest, string What)
{
    public override string ToString() => $"{Digest} ({What})";
}

/// <summary>
/// Which of the manifests that an index lists are images, one per platform. It is decided here and nowhere else, by the
/// OCI image specification 1.1 (image-index.md, image-layout.md, manifest.md "Guidelines for Artifact Usage") and by
/// how BuildKit stores attestations (moby/buildkit, docs/attestations/attestation-storage.md: a manifest beside the
/// image with the annotation <c>vnd.docker.reference.type</c> and the platform <c>unknown/unknown</c>). Types that are
/// not known are left alone, as the specification wants it, and told.
/// </summary>
/// <param name="Images">Each once, with its platform.</param>
/// <param name="Others">What is listed besides.</param>
public sealed record ImageManifests(IReadOnlyList<OciDescriptor> Images, IReadOnlyList<OtherManifest> Others)
{
    /// <summary>What indexes call the platform of a manifest that is no image.</summary>
    const string NoPlatform = "unknown/unknown";

    /// <summary>Indexes in indexes; nobody writes more than two.</summary>
    const int Deepest = 8;

    /// <summary>Reads what descriptors lead to; what it gives has their digest.</summary>
    /// <param name="Manifest">Manifests and indexes.</param>
    /// <param name="Config">Configurations.</param>
    /// <param name="BelievesPlatforms">
    /// Whether the platform that an index gives an image is that of the image. In a layout it need not be: skopeo
    /// writes that of the machine that it runs on. Whatever is read of an image has the last word.
    /// </param>
    internal sealed record Source(
        Func<OciDescriptor, ValueTask<byte[]>> Manifest, Func<OciDescriptor, ValueTask<byte[]>> Config,
            bool BelievesPlatforms);

    /// <param name="root">An index, or a manifest.</param>
    /// <param name="content">Its content.</param>
    /// <param name="source">Reads what it lists, as far as that is needed.</param>
    /// <exception cref="JsonException">Part of it is not what it should be.</exception>
    internal static async ValueTask<ImageManifests> OfAsync(OciDescriptor root, ReadOnlyMemory<byte> content,
        Source source)
    {
        var walk = new Walk(source);
        if (OciMediaTypes.IsIndex(root.MediaType)) await walk.IndexAsync(content, Deepest);
        else await walk.ManifestAsync(root, content);
        return new ImageManifests([.. walk.Images.DistinctBy(x => (x.Digest, x.Platform))],
            [.. walk.Others.Distinct()]);
    }

    /// <summary>The entries of an index that may be images or indexes of them, and those that are neither.</summary>
    internal static (IReadOnlyList<JsonElement> Entries, IReadOnlyList<OtherManifest> Others) Sort(JsonElement index)
    {
        var entries = OciJson.Require(index, "manifests", JsonValueKind.Array).EnumerateArray()
            .ToLookup(x => OtherThanAnImage(x) is null);
        return ([.. entries[true].Select(x => x.Clone())],
            [.. entries[false].Select(x => new OtherManifest(OciJson.Text(x, "digest") ?? "?", OtherThanAnImage(x)!))]);
    }

    /// <summary>What a manifest is that is no image's; null of an image's.</summary>
    /// <param name="manifest">Its content.</param>
    internal static string? OtherThanAnImageIn(JsonElement manifest)
    {
        if (manifest.ValueKind != JsonValueKind.Object) return null;
        if (manifest.TryGetProperty("manifests", out _)) return "an index";
        if (!manifest.TryGetProperty("config", out var config))
            return manifest.TryGetProperty("blobs", out _) || OciJson.Text(manifest, "artifactType") is not null
                ? $"an artifact of type {OciJson.Text(manifest, "artifactType") ?? "unknown"}"
                : manifest.TryGetProperty("fsLayers", out _)
                    ? "an image in Docker's first format (schema 1), which no engine pulls any more" : null;
        if (OciJson.Text(manifest, "artifactType") is { } artifact && !OciMediaTypes.IsConfig(artifact))
            return $"an artifact of type {artifact}";
        if (OciJson.Text(config, "mediaType") is { } type && !OciMediaTypes.IsConfig(type))
            return $"an artifact with a configuration of type {type}";
        // Signatures of earlier versions of cosign say that they have the configuration of an image.
        var layers = manifest.TryGetProperty("layers", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(x => OciJson.Text(x, "mediaType")).OfType<string>().ToList() : [];
        return layers.Count > 0 && !layers.Any(OciMediaTypes.IsLayer) ? $"an artifact with content of type {layers[0]}"
            : null;
    }

    /// <summary>What an entry of an index is that is no image; null of one that may be one, or an index of
    /// them.</summary>
    static string? OtherThanAnImage(JsonElement entry)
    {
        if (OciJson.Map(entry, "annotations").TryGetValue("vnd.docker.reference.type", out var reference))
            return $"{reference} of BuildKit";
        if (OciJson.Text(entry, "mediaType") is { } type
            && !OciMediaTypes.IsIndex(type) && !OciMediaTypes.IsManifest(type))
            return type;
        if (OciJson.Text(entry, "artifactType") is { } artifact && !OciMediaTypes.IsConfig(artifact)) return artifact;
        return PlatformOf(entry) == NoPlatform ? "a manifest for no platform" : null;
    }

    static string? PlatformOf(JsonElement entry) => entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("platform", out var platform)
        ? $"{OciJson.Text(platform, "os")}/{OciJson.Text(platform, "architecture")}" : null;

    sealed class Walk(Source source)
    {
        public List<OciDescriptor> Images { get; } = [];

        public List<OtherManifest> Others { get; } = [];

        public async ValueTask IndexAsync(ReadOnlyMemory<byte> content, int deepest)
        {
            if (deepest == 0) throw new JsonException($"it has indexes in indexes, more than {Deepest} deep");
            var (entries, others) = OciJson.Parse(content, Sort);
            Others.AddRange(others);
            foreach (var descriptor in entries.Select(OciDescriptor.Read).ToList())
            {
                if (OciMediaTypes.IsIndex(descriptor.MediaType))
                    await IndexAsync(await source.Manifest(descriptor), deepest - 1);
                else if (source.BelievesPlatforms && descriptor.Platform is not null) Images.Add(descriptor);
                else await ManifestAsync(descriptor, await source.Manifest(descriptor));
            }
        }

        public async ValueTask ManifestAsync(OciDescriptor descriptor, ReadOnlyMemory<byte> content)
        {
            if (OciJson.Parse(content, OtherThanAnImageIn) is { } other)
            {
                Others.Add(new OtherManifest(descriptor.Digest, other));
                return;
            }

            var manifest = OciJson.Parse(content, x => OciManifest.Read(descriptor.Digest, x));
            var config = OciJson.Parse(await source.Config(manifest.Config), OciConfig.Read);
            var says = !config.Platform.EndsWith("/unknown", StringComparison.Ordinal);
            Images.Add(descriptor with { Platform = says ? config.Platform : descriptor.Platform ?? config.Platform });
        }
    }
}
