using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// Joins the images of several platforms into one: an index (OCI image specification 1.1, image-index.md). Its bytes
/// depend on the images alone, not on who built which of them or in what order they come. One image alone stays as it
/// is.
/// </summary>
public static class PlatformIndex
{
    /// <param name="images">One image per platform.</param>
    /// <param name="destination">Directory of the new layout; must not exist.</param>
    /// <exception cref="ProblemException">Two are of one platform, or one is an index already.</exception>
    public static void Write(IReadOnlyList<OciLayout> images, AbsolutePath destination)
    {
        var manifests = images.Select(x => (Layout: x, Manifest: SingleOf(x)))
            .OrderBy(x => x.Manifest.Platform, StringComparer.Ordinal)
            .ToList();
        foreach (var twice in manifests.GroupBy(x => x.Manifest.Platform).Where(x => x.Count() > 1))
            throw new ProblemException(
                $"Several images are of {twice.Key}: {string.Join(" and ", twice.Select(x => x.Layout.Directory))}",
                "Join one image per platform");

        var blobs = destination / "blobs" / "sha256";
        Directory.CreateDirectory(blobs);
        // What several platforms share is there once: to write it again would be to write into the image that it was
        // linked from.
        foreach (var (digest, file) in manifests.SelectMany(x => BlobsOf(x.Layout, x.Manifest))
            .DistinctBy(x => x.Digest))
            Storage.LinkedFile.Create(file, ReproducibleImage.BlobIn(destination, digest));

        if (manifests is [var (_, only)])
        {
            ReproducibleImage.WriteLayout(destination, DescriptorOf(only));
            return;
        }

        var index = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Index,
            ["manifests"] = new JsonArray([.. manifests.Select(x => DescriptorOf(x.Manifest))]),
        };
        if (SharedAnnotations([.. manifests.Select(x =>
            x.Layout.ReadManifest(x.Manifest.Digest))]) is { Count: > 0 } annotations)
            index["annotations"] = annotations;
        ReproducibleImage.WriteLayout(destination,
            ReproducibleImage.WriteJson(destination, index, OciMediaTypes.Index));
    }

    static IEnumerable<(string Digest, AbsolutePath File)> BlobsOf(OciLayout layout, OciDescriptor manifest)
    {
        var read = layout.ReadManifest(manifest.Digest);
        return read.Layers.Append(read.Config)
            .Select(x => x.Digest)
            .Append(manifest.Digest)
            .Select(x => (x, layout.Blob(x)));
    }

    static OciDescriptor SingleOf(OciLayout layout) =>
        layout.Manifests() is [var single] && single.Digest == layout.Digest
            ? single
            : throw new ProblemException($"{layout.Directory} holds an index already",
                "Join images of one platform each");

    static JsonObject DescriptorOf(OciDescriptor manifest)
    {
        var descriptor = ReproducibleImage.Descriptor(manifest.MediaType, manifest.Digest, manifest.Size);
        descriptor["platform"] = PlatformJson(manifest.Platform!);
        return descriptor;
    }

    /// <summary>As the specification has it: the variant only where there is one.</summary>
    static JsonObject PlatformJson(string platform)
    {
        var parts = platform.Split('/');
        var json = new JsonObject { ["architecture"] = parts[1], ["os"] = parts[0] };
        if (parts.Length > 2) json["variant"] = parts[2];
        return json;
    }

    /// <summary>
    /// What is true of every platform is true of the whole: not the digest of the base image, which each has of its
    /// own.
    /// </summary>
    static JsonObject SharedAnnotations(IReadOnlyList<OciManifest> manifests) =>
        [.. manifests[0].Annotations
            .Where(x => manifests.All(y => y.Annotations.TryGetValue(x.Key, out var value) && value == x.Value))
            .OrderBy(x => x.Key, StringComparer.Ordinal)
            .Select(x => KeyValuePair.Create<string, JsonNode?>(x.Key, x.Value))];
}
