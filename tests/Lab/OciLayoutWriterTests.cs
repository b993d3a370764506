using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Storage;

namespace OpenStack.Tests.Lab;

public sealed class OciLayoutWriterTests
{
    static readonly BaseImageConfig s_image = new("amd64", new DateTimeOffset(2026, 9, 12, 7, 55, 41, TimeSpan.Zero),
        "maker trixie", "trixie");

    [Fact]
    public async Task Every_descriptor_matches_its_blob_and_the_layer_its_content()
    {
        using var directory = new TemporaryDirectory();
        var digest = await OciLayoutWriter.WriteAsync(directory.Path / "image", s_image, Tar());
        var index = Json(directory.Path / "image/index.json");
        Assert.Equal(digest, (string)index["manifests"]![0]!["digest"]!);
        var manifest = JsonNode.Parse(Blob(directory.Path, index["manifests"]![0]!))!;
        var config = JsonNode.Parse(Blob(directory.Path, manifest["config"]!))!;
        var layer = new MemoryStream();
        new GZipStream(new MemoryStream(Blob(directory.Path, manifest["layers"]![0]!)),
            CompressionMode.Decompress).CopyTo(layer);
        Assert.Equal(Tar().ToArray(), layer.ToArray());
        Assert.Equal(Digest.OfBytes(layer.ToArray()), (string)config["rootfs"]!["diff_ids"]![0]!);
        Assert.Equal(("2026-09-12T07:55:41Z", "amd64"), ((string)config["created"]!, (string)config["architecture"]!));
        Assert.Single(config["history"]!.AsArray());
        Assert.Equal("1.0.0", (string)Json(directory.Path / "image/oci-layout")["imageLayoutVersion"]!);
        Assert.Equal(3, Directory.GetFiles(directory.Path / "image/blobs/sha256").Length);
    }

    [Fact]
    public async Task The_same_layer_makes_the_same_bytes()
    {
        using var directory = new TemporaryDirectory();
        await OciLayoutWriter.WriteAsync(directory.Path / "a", s_image, Tar());
        await OciLayoutWriter.WriteAsync(directory.Path / "b", s_image, Tar());
        Assert.Equal(Digest.OfDirectory(directory.Path / "a"), Digest.OfDirectory(directory.Path / "b"));
    }

    static MemoryStream Tar()
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/os-release")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes("ID=debian\n")),
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }

        stream.Position = 0;
        return stream;
    }

    static byte[] Blob(AbsolutePath directory, JsonNode descriptor)
    {
        var bytes = File.ReadAllBytes(directory / "image/blobs/sha256" / ((string)descriptor["digest"]!)[7..]);
        Assert.Equal((string)descriptor["digest"]!, Digest.OfBytes(bytes));
        Assert.Equal((long)descriptor["size"]!, bytes.Length);
        return bytes;
    }

    static JsonNode Json(AbsolutePath file) => JsonNode.Parse(File.ReadAllText(file))!;
}
