using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Tests.Oci;

/// <summary>A small image of one platform, with one layer of its own and one that it shares with all others.</summary>
static class PlatformImage
{
    public static OciLayout Write(AbsolutePath layout, string platform, string content)
    {
        Directory.CreateDirectory(layout / "blobs" / "sha256");
        var parts = platform.Split('/');
        var config = new JsonObject
        {
            ["architecture"] = parts[1],
            ["os"] = parts[0],
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() },
        };
        if (parts.Length > 2) config["variant"] = parts[2];
        var manifest = ReproducibleImage.WriteJson(layout, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Manifest,
            ["config"] = ReproducibleImage.WriteJson(layout, config, OciMediaTypes.Config),
            ["layers"] = new JsonArray(Layer(layout, $"{content} for {platform}"),
                Layer(layout, "what all platforms share")),
            ["annotations"] = new JsonObject
            {
                ["org.opencontainers.image.version"] = "27.0.0",
                ["org.opencontainers.image.base.digest"] = Digest.OfText(platform),
            },
        }, OciMediaTypes.Manifest);
        ReproducibleImage.WriteLayout(layout, manifest);
        return OciLayout.Open(layout);
    }

    static JsonObject Layer(AbsolutePath layout, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        File.WriteAllBytes(ReproducibleImage.BlobIn(layout, Digest.OfBytes(bytes)), bytes);
        return ReproducibleImage.Descriptor(OciMediaTypes.Layer, Digest.OfBytes(bytes), bytes.Length);
    }
}
