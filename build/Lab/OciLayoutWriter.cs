using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>What an image of one layer says about itself.</summary>
/// <param name="Architecture">Go's name, e.g. <c>amd64</c>.</param>
/// <param name="Created">The image's only time; never the clock's, so that the same layer makes the same image.</param>
/// <param name="CreatedBy">How its layer was made.</param>
/// <param name="Name">Reference name in the layout's index, e.g. <c>trixie</c>.</param>
sealed record BaseImageConfig(string Architecture, DateTimeOffset Created, string CreatedBy, string Name);

/// <summary>
/// Writes an OCI image layout (OCI image specification 1.1, image-layout.md) with one image of one layer, whose bytes
/// depend on nothing but the arguments.
/// </summary>
static class OciLayoutWriter
{
    static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="directory">The layout; must not exist or be empty.</param>
    /// <param name="tar">The layer's content.</param>
    /// <returns>The manifest's digest.</returns>
    public static async Task<string> WriteAsync(AbsolutePath directory, BaseImageConfig image, Stream tar,
        CancellationToken cancellation = default)
    {
        var blobs = directory / "blobs" / "sha256";
        Directory.CreateDirectory(blobs);
        var (layer, diffId) = await WriteLayerAsync(blobs, tar, cancellation);
        var created = image.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var config = WriteBlob(blobs, OciMediaTypes.Config, new JsonObject
        {
            ["created"] = created,
            ["architecture"] = image.Architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Env"] = new JsonArray("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                ["Cmd"] = new JsonArray("bash"),
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId) },
            ["history"] = new JsonArray(new JsonObject { ["created"] = created, ["created_by"] = image.CreatedBy }),
        });
        var manifest = WriteBlob(blobs, OciMediaTypes.Manifest, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Manifest,
            ["config"] = config,
            ["layers"] = new JsonArray(layer),
        });
        var digest = (string)manifest["digest"]!;
        manifest["platform"] = new JsonObject { ["architecture"] = image.Architecture, ["os"] = "linux" };
        manifest["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = image.Name };
        WriteJson(directory / "index.json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Index,
            ["manifests"] = new JsonArray(manifest),
        });
        WriteJson(directory / "oci-layout", new JsonObject { ["imageLayoutVersion"] = "1.0.0" });
        return digest;
    }

    /// <summary>Compresses the layer in passing: one hash before, one behind the compression.</summary>
    static async Task<(JsonObject Descriptor, string DiffId)> WriteLayerAsync(AbsolutePath blobs, Stream tar,
        CancellationToken cancellation)
    {
        var aside = blobs / "layer.making";
        using var content = SHA256.Create();
        await using (var file = File.Create(aside))
        await using (var compressed = new GZipStream(file, CompressionLevel.Fastest))
        await using (var hashed = new CryptoStream(compressed, content, CryptoStreamMode.Write))
        {
            await tar.CopyToAsync(hashed, 1 << 20, cancellation);
        }

        var digest = Digest.OfFile(aside);
        File.Move(aside, blobs / digest[7..]);
        var descriptor = new JsonObject
        {
            ["mediaType"] = OciMediaTypes.GzipLayer,
            ["digest"] = digest,
            ["size"] = new FileInfo(blobs / digest[7..]).Length,
        };
        return (descriptor, "sha256:" + Convert.ToHexStringLower(content.Hash!));
    }

    static JsonObject WriteBlob(AbsolutePath blobs, string mediaType, JsonObject content)
    {
        var bytes = Encoding.UTF8.GetBytes(content.ToJsonString(s_json));
        var digest = Digest.OfBytes(bytes);
        File.WriteAllBytes(blobs / digest[7..], bytes);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = bytes.Length };
    }

    static void WriteJson(AbsolutePath file, JsonObject content) =>
        File.WriteAllText(file, content.ToJsonString(s_json));
}
