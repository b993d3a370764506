using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;

namespace OpenStack.Oci;

/// <summary>
/// Turns an image as BuildKit exports it into one whose digest is a function of its content: times in its own layers
/// are clamped to the source date epoch, layers of the base image stay as they are, so that images go on sharing them.
/// BuildKit could do the first (<c>rewrite-timestamp</c>), but packs every layer of the base anew, twice.
/// </summary>
public static class ReproducibleImage
{
    /// <summary>People read manifests too: <c>+json</c>, not <c>\u002Bjson</c>.</summary>
    static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="exported">
    /// The layout that BuildKit wrote; one image, no index. Its blobs are moved where they stay the same.
    /// </param>
    /// <param name="baseDiffIds">Layers of the base image, by the digests of their content.</param>
    /// <param name="epoch">The source date epoch.</param>
    /// <param name="compress">
    /// Whether layers are packed with gzip; without, they are quicker to write and to read.
    /// </param>
    /// <param name="destination">Directory of the new layout; must not exist.</param>
    /// <param name="baseImage">
    /// The base image's own layout, where there is one: its layers as they are packed in it.
    /// </param>
    /// <param name="earlier">
    /// An earlier layout of the same image, whose layers need not be packed again where they are the same.
    /// </param>
    public static async Task WriteAsync(
        OciLayout exported, IReadOnlyList<string> baseDiffIds, DateTimeOffset epoch, bool compress,
        AbsolutePath destination, OciLayout? baseImage = null, AbsolutePath? earlier = null)
    {
        Directory.CreateDirectory(destination / "blobs" / "sha256");
        var manifest = JsonNode.Parse(File.ReadAllBytes(exported.Blob(exported.Digest)))!;
        var config =
            JsonNode.Parse(File.ReadAllBytes(exported.Blob(manifest["config"]!["digest"]!.GetValue<string>())))!;
        var layers = manifest["layers"]!.AsArray();
        var diffIds = config["rootfs"]!["diff_ids"]!.AsArray();

        var baseLayers = baseImage is null
            ? null
            : JsonNode.Parse(File.ReadAllBytes(baseImage.Blob(baseImage.ReadManifest().Digest)))!["layers"]!.AsArray();

        var packer = new LayerPacker(destination, epoch, compress, earlier);
        await Parallel.ForAsync(0, layers.Count, (i, _) =>
        {
            var digest = layers[i]!["digest"]!.GetValue<string>();
            if (i < baseDiffIds.Count && diffIds[i]!.GetValue<string>() == baseDiffIds[i])
            {
                lock (manifest)
                {
                    // An engine that has met the same content before, packed otherwise, may have exported that.
                    if (baseLayers is not null) layers[i] = baseLayers[i]!.DeepClone();
                    var packed = layers[i]!["digest"]!.GetValue<string>();
                    var type = layers[i]!["mediaType"]!.GetValue<string>();
                    layers[i]!["mediaType"] = OciMediaTypes.OciLayer(type);
                    if (File.Exists(BlobIn(destination, packed))) return ValueTask.CompletedTask;
                    // What could not be read later on is refused now, before anything is built on it.
                    var source = (packed == digest ? exported : baseImage!).Blob(packed);
                    LayerContent.Require(source, new OciDescriptor(type, packed, 0));
                    if (packed == digest) File.Move(exported.Blob(digest), BlobIn(destination, digest));
                    else File.Copy(baseImage!.Blob(packed), BlobIn(destination, packed));
                }

                return ValueTask.CompletedTask;
            }

            var layer = packer.Pack(exported.Blob(digest), digest);
            lock (manifest)
            {
                layers[i] = Descriptor(layer.Type, layer.Digest, layer.Size);
                diffIds[i] = layer.DiffId;
            }

            return ValueTask.CompletedTask;
        });
        packer.Remember();

        manifest["config"] = WriteJson(destination, config, OciMediaTypes.Config);
        var descriptor = WriteJson(destination, manifest, OciMediaTypes.Manifest);
        descriptor["platform"] = new JsonObject
        {
            ["architecture"] = config["architecture"]!.GetValue<string>(),
            ["os"] = config["os"]!.GetValue<string>(),
        };
        WriteLayout(destination, descriptor);
    }

    /// <summary>What makes a directory with blobs a layout of one image.</summary>
    internal static void WriteLayout(AbsolutePath directory, JsonObject image)
    {
        File.WriteAllText(directory / "oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(directory / "index.json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Index,
            ["manifests"] = new JsonArray(image),
        }.ToJsonString(s_json));
    }

    internal static JsonObject WriteJson(AbsolutePath destination, JsonNode json, string type)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(s_json));
        var digest = Storage.Digest.OfBytes(bytes);
        File.WriteAllBytes(BlobIn(destination, digest), bytes);
        return Descriptor(type, digest, bytes.Length);
    }

    internal static JsonObject Descriptor(string type, string digest, long size) =>
        new() { ["mediaType"] = type, ["digest"] = digest, ["size"] = size };

    internal static AbsolutePath BlobIn(AbsolutePath layout, string digest) =>
        $"{layout}/blobs/{digest.Replace(':', '/')}";
}
