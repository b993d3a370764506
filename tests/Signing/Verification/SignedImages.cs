using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Tests.Signing.Verification;

/// <summary>Small images for two platforms, and all that is said of them.</summary>
public sealed class SignedImages(TestKeys keys)
{
    /// <summary>A tag that never moves.</summary>
    internal const string Fixed = "27.0.0-p0-main-a1b2c3d";

    static readonly string[] s_platforms = ["linux/amd64", "linux/arm64"];

    /// <summary>The laboratory's.</summary>
    internal static string Registry { get; } = File.Exists(TestKeys.Lab.RegistryFile)
        ? JsonDocument.Parse(File.ReadAllText(TestKeys.Lab.RegistryFile)).RootElement
            .GetProperty("address")
            .GetString()!
        : "none";

    internal static AbsolutePath NewDirectory(TestKeys keys) => keys.Directory / Guid.NewGuid().ToString("N");

    /// <summary>A base image: one layer for each platform.</summary>
    internal OciLayout Base(string content = "base") => Write(platform => ([$"{content} {platform}"], new()
    {
        ["org.opencontainers.image.base.name"] = "debian:trixie",
        ["org.opencontainers.image.base.digest"] = Sha('d'),
    }));

    /// <summary>A service image on a base.</summary>
    internal OciLayout Service(OciLayout on, string content = "keystone", string baseContent = "base") =>
        Write(platform => ([$"{baseContent} {platform}", $"{content} {platform}"], new()
        {
            ["org.opencontainers.image.version"] = "27.0.0",
            ["org.opencontainers.image.revision"] = "e66a63623376401b0ee8a9474ccabc95ee7746f0",
            ["org.opencontainers.image.source"] = "https://opendev.org/openstack/keystone",
            ["org.opencontainers.image.base.name"] = "ghcr.io/c5c3/python-base",
            ["org.opencontainers.image.base.digest"] = on.Digest,
        }));

    /// <summary>What is true of a service image on a base.</summary>
    internal static Provenance ProvenanceOf(OciLayout on, IReadOnlyList<string> tags, IReadOnlyList<string> moving) =>
        new(
            "keystone", new PublicationTarget("ghcr.io/c5c3/keystone", tags, moving), new Dictionary<string, string>
            {
                ["arg.PBR_VERSION"] = "27.0.0",
                ["source.revision"] = "e66a63623376401b0ee8a9474ccabc95ee7746f0",
                ["source.remote"] = "https://opendev.org/openstack/keystone",
                ["base.name"] = "ghcr.io/c5c3/python-base",
                ["base.digest"] = on.Digest,
            })
        {
            Platforms = s_platforms,
            Builder = Builder.Of(_ => null),
            BuilderVersion = "a1b2c3d",
        };

    /// <summary>What is true of a base image.</summary>
    internal static Provenance ProvenanceOfBase => new(
        BaseImages.PythonBase, new PublicationTarget("ghcr.io/c5c3/python-base", ["latest"], ["latest"]),
        new Dictionary<string, string> { ["base.name"] = "debian:trixie", ["base.digest"] = Sha('d') })
    {
        Platforms = s_platforms,
        Builder = Builder.Of(_ => null),
        BuilderVersion = "a1b2c3d",
    };

    /// <summary>Stands for an inventory: the digests of an image's layers.</summary>
    internal static string SbomOf(OciLayout layout, OciDescriptor platform) =>
        new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["layers"] = new JsonArray([.. layout.ReadManifest(platform.Digest).Layers
                .Select(x => JsonValue.Create(x.Digest))]),
        }.ToJsonString();

    internal async Task<IReadOnlyList<AttachedBundle>> SignAsync(OciLayout layout, Provenance provenance,
        KeyReference? key = null, OciLayout? sbomOf = null)
    {
        key ??= keys.Key;
        var directory = NewDirectory(keys);
        AbsolutePath Write(string name, string text)
        {
            AtomicFile.WriteText(directory / name, text);
            return directory / name;
        }

        var attestations = ImageSigner.AttestationsOf(
            layout,
            x => Write($"sbom-{ImageSigner.NameOf(x)}.json",
                SbomOf(sbomOf ?? layout, (sbomOf ?? layout).Manifests().Single(y => y.Platform == x.Platform))),
            x => Write($"provenance-{ImageSigner.NameOf(x)}.json",
                (x.Platform is { } platform
                    ? (provenance with { Platforms = [platform] }).AsPart()
                    : provenance).ToJson()),
            Write("signature.json", "{}"));
        return await new ImageSigner(keys.Cosign, new Signer(key, null), keys.Offline,
            await keys.Cosign.PublicKeyAsync(key)).SignAsync(attestations, directory);
    }

    /// <summary>Publishes an image, and the base that it is built on, in a namespace.</summary>
    internal async Task PublishAsync(RegistryClient client, string @namespace, OciLayout on, OciLayout image,
        IReadOnlyList<AttachedBundle> bundles, IReadOnlyList<PublishedTag>? tags = null)
    {
        var directory = NewDirectory(keys);
        await new Publication(client).RunAsync(
        [
            new PublishedImage(BaseImages.PythonBase, on, $"{@namespace}/{BaseImages.PythonBase}",
                await keys.OnceAsync(() => SignAsync(on, ProvenanceOfBase)), [], directory / "base.json"),
            new PublishedImage("keystone", image, $"{@namespace}/keystone", bundles,
                tags ?? [new(Fixed, false), new("2025.1", true)], directory / "keystone.json"),
        ]);
    }

    /// <summary>A layer of one file.</summary>
    static byte[] LayerOf(string content)
    {
        var layer = new MemoryStream();
        using (var tar = new TarWriter(layer, TarEntryFormat.Ustar, leaveOpen: true))
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "content")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        return layer.ToArray();
    }

    static string Sha(char digit) => "sha256:" + new string(digit, 64);

    OciLayout Write(Func<string, (IReadOnlyList<string> Layers, Dictionary<string, string> Labels)> image)
    {
        var directory = NewDirectory(keys);
        var layouts = s_platforms.Select(platform =>
        {
            var layout = directory / PlatformName.ForFiles(platform);
            Directory.CreateDirectory(layout / "blobs" / "sha256");
            var (contents, labels) = image(platform);
            var layers = new JsonArray();
            var blobs = contents.Select(LayerOf).ToList();
            foreach (var blob in blobs)
            {
                var digest = Digest.OfBytes(blob);
                File.WriteAllBytes(ReproducibleImage.BlobIn(layout, digest), blob);
                layers.Add((JsonNode)ReproducibleImage.Descriptor(OciMediaTypes.Layer, digest, blob.Length));
            }

            var config = ReproducibleImage.WriteJson(layout, new JsonObject
            {
                ["architecture"] = platform.Split('/')[1],
                ["os"] = platform.Split('/')[0],
                ["config"] = new JsonObject
                {
                    ["Labels"] = new JsonObject(labels.Select(x =>
                        KeyValuePair.Create(x.Key, (JsonNode?)JsonValue.Create(x.Value)))),
                },
                ["rootfs"] = new JsonObject
                {
                    ["type"] = "layers",
                    ["diff_ids"] = new JsonArray([.. blobs.Select(x => JsonValue.Create(Digest.OfBytes(x)))]),
                },
            }, OciMediaTypes.Config);
            ReproducibleImage.WriteLayout(layout, ReproducibleImage.WriteJson(layout, new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = OciMediaTypes.Manifest,
                ["config"] = config,
                ["layers"] = layers,
            }, OciMediaTypes.Manifest));
            return OciLayout.Open(layout);
        }).ToList();
        PlatformIndex.Write(layouts, directory / "index");
        return OciLayout.Open(directory / "index");
    }
}
