using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Sbom;

namespace OpenStack.Tests.Oci;

/// <summary>A layout as somebody else may have written it, piece by piece.</summary>
sealed class ForeignLayout
{
    readonly AbsolutePath _directory;

    public ForeignLayout(AbsolutePath directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory / "blobs" / "sha256");
    }

    /// <summary>Stores content; gives its descriptor.</summary>
    public JsonObject Blob(string type, string content) => Blob(type, Encoding.UTF8.GetBytes(content));

    public JsonObject Blob(string type, byte[] content)
    {
        File.WriteAllBytes(ReproducibleImage.BlobIn(_directory, Digest.OfBytes(content)), content);
        return ReproducibleImage.Descriptor(type, Digest.OfBytes(content), content.Length);
    }

    /// <summary>An image of one layer.</summary>
    public JsonObject Image(string architecture, string content = "x", string? layerType = null)
    {
        var tar = SmallImage.Tar([("file", content)]);
        return Manifest(
            Blob(OciMediaTypes.Config,
            $$"""{"os":"linux","architecture":"{{architecture}}","rootfs":{"type":"layers","diff_ids":["{{Digest.OfBytes(tar)}}"]} }"""),
            Blob(layerType ?? OciMediaTypes.Layer, tar));
    }

    public JsonObject Manifest(JsonObject config, JsonObject layer, JsonObject? members = null)
    {
        var manifest =
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = OciMediaTypes.Manifest,
                ["config"] = config,
                ["layers"] = new JsonArray(layer)
            };
        foreach (var (name, value) in members ?? []) manifest[name] = value?.DeepClone();
        return Blob(OciMediaTypes.Manifest, manifest.ToJsonString());
    }

    public JsonObject Index(params JsonObject[] entries) => Blob(OciMediaTypes.Index, Json(entries));

    /// <summary>An attestation as BuildKit stores it beside an image.</summary>
    public JsonObject Attestation(JsonObject image) => With(Manifest(
        Blob(OciMediaTypes.Config,
            """{"os":"unknown","architecture":"unknown","rootfs":{"type":"layers","diff_ids":[]}}"""),
        Blob("application/vnd.in-toto+json", "{}")),
        platform: "unknown/unknown", ("vnd.docker.reference.type", "attestation-manifest"),
        ("vnd.docker.reference.digest", image["digest"]!.GetValue<string>()));

    public static JsonObject With(JsonObject descriptor, string? platform = null,
        params (string Name, string Value)[] annotations)
    {
        var copy = descriptor.DeepClone().AsObject();
        if (platform is not null)
            copy["platform"] =
            new JsonObject { ["os"] = platform.Split('/')[0], ["architecture"] = platform.Split('/')[1] };
        if (annotations.Length > 0)
            copy["annotations"] =
            new JsonObject(annotations.Select(x => KeyValuePair.Create(x.Name, (JsonNode?)x.Value)));
        return copy;
    }

    public static JsonObject Named(JsonObject descriptor, string name) =>
        With(descriptor, null, ("org.opencontainers.image.ref.name", name));

    public OciLayout Open(params JsonObject[] entries)
    {
        File.WriteAllText(_directory / "oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(_directory / "index.json", Json(entries));
        return OciLayout.Open(_directory, isForeign: true);
    }

    static string Json(JsonObject[] entries) => new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = OciMediaTypes.Index,
        ["manifests"] = new JsonArray([.. entries.Select(x => x.DeepClone())]),
    }.ToJsonString();
}
