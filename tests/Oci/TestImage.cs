using System.Text;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Tests.Oci;

/// <summary>
/// Small images with bundles, as far as a registry looks at them: layers of random bytes, the same for the same seed.
/// </summary>
static class TestImage
{
    /// <summary>Makes an image in <c>DIRECTORY/image</c>, with bundles in <c>DIRECTORY/signatures</c>.</summary>
    /// <param name="layers">Seed and size of each layer.</param>
    /// <param name="platforms">With several of them the image is an index.</param>
    public static PublishedImage Make(AbsolutePath directory, string repository,
        IReadOnlyList<(int Seed, int Size)> layers, IReadOnlyList<PublishedTag> tags,
        params IReadOnlyList<string> platforms) =>
        Make(directory, repository, layers, tags, _ => new Dictionary<string, string>(), platforms);

    /// <summary>The same, with labels.</summary>
    /// <param name="labels">Of each platform.</param>
    public static PublishedImage Make(
        AbsolutePath directory, string repository, IReadOnlyList<(int Seed, int Size)> layers,
        IReadOnlyList<PublishedTag> tags, Func<string, IReadOnlyDictionary<string, string>> labels,
        params IReadOnlyList<string> platforms)
    {
        var blobs = directory / "image" / "blobs" / "sha256";
        Directory.CreateDirectory(blobs);
        OciDescriptor Store(string type, byte[] content)
        {
            var digest = Digest.OfBytes(content);
            File.WriteAllBytes(blobs / digest["sha256:".Length..], content);
            return new OciDescriptor(type, digest, content.Length);
        }

        var manifests = (platforms.Count == 0 ? ["linux/amd64"] : platforms).Select(platform =>
        {
            var stored = layers.Select((x, i) => Store(OciMediaTypes.GzipLayer,
                Bytes(i == layers.Count - 1 ? x.Seed + platform.Length : x.Seed, x.Size))).ToList();
            var (os, architecture) = (platform.Split('/')[0], platform.Split('/')[1]);
            var config = Store(OciMediaTypes.Config, Encoding.UTF8.GetBytes(
                $$$"""{"os":"{{{os}}}","architecture":"{{{architecture}}}","created":"2026-01-02T03:04:05Z","config":{{{LabelsOf(labels(platform))}}},"rootfs":{"type":"layers","diff_ids":[{{{string.Join(',', stored.Select(x => $"\"{x.Digest}\""))}}}]}}"""));
            return Store(OciMediaTypes.Manifest, Encoding.UTF8.GetBytes(
                $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Manifest}}","config":{{Json(config)}},"layers":[{{string.Join(',', stored.Select(Json))}}]}""")) with
            { Platform = platform };
        }).ToList();
        var root = manifests.Count == 1 ? manifests[0] : Store(OciMediaTypes.Index, Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[{{string.Join(',', manifests.Select(WithPlatform))}}]}"""));
        File.WriteAllText(directory / "image" / "oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(directory / "image" / "index.json",
            $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[{{Json(root)}}]}""");

        Directory.CreateDirectory(directory / "signatures");
        var bundles = new List<AttachedBundle>();
        foreach (var subject in manifests.Append(root).DistinctBy(x => x.Digest))
        {
            foreach (var type in (string[])[AttachedBundle.Signature, "https://cyclonedx.org/bom",
                "https://slsa.dev/provenance/v1"])
            {
                var file = directory / "signatures" / $"{bundles.Count}.sigstore.json";
                File.WriteAllText(file, $$"""{"of":"{{subject.Digest}}","type":"{{type}}"}""");
                bundles.Add(new AttachedBundle(subject with { Platform = null }, type, file));
            }
        }

        AttachedBundle.WriteAll(directory / "signatures" / "bundles.json", bundles);
        return new PublishedImage(repository, OciLayout.Open(directory / "image"), repository, bundles, tags,
            directory / "published.json");
    }

    /// <summary>Two images that share layers, as a base and a service do, with tags of both kinds.</summary>
    public static IReadOnlyList<PublishedImage> Pair(AbsolutePath directory, int size = 20_000) =>
    [
        Make(directory / "base", "c5c3/python-base", [(1, size), (2, 100)], [new("latest", true), new("abc", false)]),
        Make(directory / "keystone", "c5c3/keystone", [(1, size), (2, 100), (3, size / 2), (4, 300)],
            [new("2025.1", true), new("2025.1-abc", false)], "linux/amd64", "linux/arm64/v8"),
    ];

    public static byte[] Bytes(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    static string LabelsOf(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? "{}" : $$"""{"Labels":{{JsonSerializer.Serialize(labels)}}}""";

    static string Json(OciDescriptor x) =>
        $$"""{"mediaType":"{{x.MediaType}}","digest":"{{x.Digest}}","size":{{x.Size}}}""";

    static string WithPlatform(OciDescriptor x) =>
        $$$"""{{{Json(x)[..^1]}}},"platform":{"os":"{{{x.Platform!.Split('/')[0]}}}","architecture":"{{{x.Platform.Split('/')[1]}}}"}}""";

    /// <summary>
    /// A registry lists a tag a moment before it leads anywhere, and may still be at that when the request was given
    /// up.
    /// </summary>
    static async Task<StoredManifest> LedToAsync(RegistryClient client, string repository, string tag)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await client.GetManifestAsync(repository, tag) is { } manifest) return manifest;
            Assert.True(attempt < 40, $"{repository}:{tag} leads nowhere");
            await Task.Delay(50);
        }
    }

    /// <summary>
    /// Fails unless every tag of these repositories points to an image that is there whole, with its bundles.
    /// </summary>
    /// <param name="complete">Whether the images' own tags must be there.</param>
    public static async Task VerifyAsync(RegistryClient client, IReadOnlyList<PublishedImage> images, bool complete)
    {
        foreach (var image in images)
        {
            var tags = (await client.TagsAsync(image.Repository))
                .Where(x => !x.StartsWith("sha256-", StringComparison.Ordinal))
                .ToList();
            if (complete)
                Assert.Equal(image.Tags.Select(x => x.Name).Order(StringComparer.Ordinal),
                    tags.Order(StringComparer.Ordinal));
            if (tags.Count == 0) continue;
            foreach (var tag in tags)
                Assert.Equal(image.Layout.Digest, (await LedToAsync(client, image.Repository, tag)).Descriptor.Digest);
            foreach (var manifest in image.Layout.Manifests())
            {
                Assert.NotNull(await client.GetManifestAsync(image.Repository, manifest.Digest));
                var content = image.Layout.ReadManifest(manifest.Digest);
                foreach (var blob in content.Layers.Append(content.Config))
                    Assert.Equal(await File.ReadAllBytesAsync(image.Layout.Blob(blob.Digest)),
                        await client.GetBlobAsync(image.Repository, blob));
            }

            foreach (var subject in image.Bundles.GroupBy(x => x.Subject.Digest))
            {
                var listed = (await new Referrers(client).OfAsync(image.Repository, subject.Key))
                    .Select(x => x.GetProperty("digest").GetString())
                    .ToList();
                foreach (var referrer in subject.Select(Referrer.Of))
                {
                    Assert.Contains(referrer.Descriptor.Digest, listed);
                    Assert.Equal(referrer.Content,
                        (await client.GetManifestAsync(image.Repository, referrer.Descriptor.Digest))!.Content);
                    Assert.Equal(referrer.BundleContent,
                        await client.GetBlobAsync(image.Repository, referrer.BundleDescriptor));
                }
            }
        }
    }
}
