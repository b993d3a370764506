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
/// <param name="baseDiffIds">Layers of the base image, by the digests of their content.</param>
/// <param name="epoch">The source date epoch.</param>
/// <param name="packing">How its own layers are packed.</param>
sealed class ReproducibleImage(IReadOnlyList<string> baseDiffIds, DateTimeOffset epoch, LayerPacking packing)
{
    /// <summary>People read manifests too: <c>+json</c>, not <c>\u002Bjson</c>.</summary>
    static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The base image's own layout, where there is one: its layers as they are packed in it.
    /// </summary>
    public OciLayout? BaseImage { get; init; }

    /// <summary>
    /// An earlier layout of the same image, whose layers need not be packed again where they are the same.
    /// </summary>
    public AbsolutePath? Earlier { get; init; }

    /// <summary>How its own layers are divided, and everything in the base; null for as BuildKit made them.</summary>
    public (ILayerDivision By, Lazy<ImageTree> Below)? Division { get; init; }

    /// <param name="exported">
    /// The layout that BuildKit wrote; one image, no index. Its blobs are moved where they stay the same.
    /// </param>
    /// <param name="destination">Directory of the new layout; must not exist.</param>
    public async Task WriteAsync(OciLayout exported, AbsolutePath destination)
    {
        Directory.CreateDirectory(destination / "blobs" / "sha256");
        var manifest = JsonNode.Parse(File.ReadAllBytes(exported.Blob(exported.Digest)))!;
        var config =
            JsonNode.Parse(File.ReadAllBytes(exported.Blob(manifest["config"]!["digest"]!.GetValue<string>())))!;
        var layers = manifest["layers"]!.AsArray();
        var diffIds = config["rootfs"]!["diff_ids"]!.AsArray();
        var shared = diffIds.Zip(baseDiffIds).TakeWhile(x => x.First!.GetValue<string>() == x.Second).Count();
        TakeBase(exported, layers, shared, destination);

        var packer = new LayerPacker(destination, packing, Earlier);
        var own = exported.ReadManifest().Layers.Skip(shared).ToList();
        if (Division is { } division)
        {
            var divided = await DivideAsync(exported, own, division.By, division.Below.Value, packer);
            Replace(config, layers, diffIds, shared, divided);
        }
        else
        {
            await Parallel.ForAsync(0, own.Count, (i, _) =>
            {
                var layer = packer.Pack(exported.Blob(own[i].Digest), own[i].Digest, epoch.ToUnixTimeSeconds());
                lock (manifest)
                {
                    layers[shared + i] = Descriptor(layer.Type, layer.Digest, layer.Size);
                    diffIds[shared + i] = layer.DiffId;
                }

                return ValueTask.CompletedTask;
            });
        }

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

    void TakeBase(OciLayout exported, JsonArray layers, int count, AbsolutePath destination)
    {
        var baseLayers = BaseImage is null
            ? null
            : JsonNode.Parse(File.ReadAllBytes(BaseImage.Blob(BaseImage.ReadManifest().Digest)))!["layers"]!.AsArray();
        for (var i = 0; i < count; i++)
        {
            var digest = layers[i]!["digest"]!.GetValue<string>();
            // An engine that has met the same content before, packed otherwise, may have exported that.
            if (baseLayers is not null) layers[i] = baseLayers[i]!.DeepClone();
            var packed = layers[i]!["digest"]!.GetValue<string>();
            var type = layers[i]!["mediaType"]!.GetValue<string>();
            layers[i]!["mediaType"] = OciMediaTypes.OciLayer(type);
            if (File.Exists(BlobIn(destination, packed))) continue;
            // What could not be read later on is refused now, before anything is built on it.
            var source = (packed == digest ? exported : BaseImage!).Blob(packed);
            LayerContent.Require(source, new OciDescriptor(type, packed, 0));
            if (packed == digest) File.Move(exported.Blob(digest), BlobIn(destination, digest));
            else File.Copy(BaseImage!.Blob(packed), BlobIn(destination, packed));
        }
    }

    async Task<IReadOnlyList<(string Description, PackedLayer Layer)>> DivideAsync(
        OciLayout exported, IReadOnlyList<OciDescriptor> own, ILayerDivision division, ImageTree below,
        LayerPacker packer)
    {
        var changes = ImageTree.Read(exported, exported.ReadManifest() with { Layers = own },
            division.Reading with { Attributes = true });
        var divided = DividedLayer.Divide(division, changes, below, epoch.ToUnixTimeSeconds());
        using var content = new UnpackedLayers(own.Select(x => exported.Blob(x.Digest)));
        var packed = new (string, PackedLayer)[divided.Count];
        IReadOnlyList<string> sources = [.. own.Select(x => x.Digest)];
        await Parallel.ForAsync(0, divided.Count, (i, _) =>
        {
            packed[i] = (divided[i].Description,
                packer.Pack(divided[i].KeyOf(sources), output => divided[i].WriteTo(output, content)));
            return ValueTask.CompletedTask;
        });
        return packed;
    }

    /// <summary>
    /// The history says what steps were taken, and then of each layer what is in it: steps and layers are not the same
    /// things any more.
    /// </summary>
    void Replace(JsonNode config, JsonArray layers, JsonArray diffIds, int shared,
        IReadOnlyList<(string Description, PackedLayer Layer)> divided)
    {
        while (layers.Count > shared)
        {
            layers.RemoveAt(shared);
            diffIds.RemoveAt(shared);
        }

        foreach (var (_, layer) in divided)
        {
            layers.Add(Descriptor(layer.Type, layer.Digest, layer.Size));
            diffIds.Add(layer.DiffId);
        }

        if (config["history"] is not JsonArray history) return;
        var below = 0;
        foreach (var step in history.OfType<JsonObject>())
        {
            if (step["empty_layer"]?.GetValue<bool>() != true && ++below > shared) step["empty_layer"] = true;
        }

        foreach (var (description, _) in divided)
            history.Add(new JsonObject { ["created"] = $"{epoch:yyyy-MM-ddTHH:mm:ssZ}", ["comment"] = description });
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
