using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Tests.Images;

public sealed class ReproducibleImageTests : IDisposable
{
    static readonly DateTimeOffset s_epoch = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task TimesAreClampedAndNothingElseChanges()
    {
        var tree = _directory / "tree";
        await new Command("sh", "-euc", $"""
            mkdir -p '{tree}/sub'; cd '{tree}'
            printf hello > old; touch -d @1600000000 old
            printf world > sub/new; chmod 4755 sub/new; ln old hard; ln -s sub/new soft
            setfattr -n user.binary -v 0x00ff0a3d old 2>/dev/null || true
            """).RequireAsync();
        await new Command("tar", "--format=pax", "--xattrs", "-C", tree, "-cf", _directory / "in.tar",
            ".").RequireAsync();
        await using (var input = File.OpenRead(_directory / "in.tar"))
        await using (var output = File.Create(_directory / "out.tar"))
        {
            TarTimes.Clamp(input, output, s_epoch.ToUnixTimeSeconds());
        }

        var list = await new Command("tar", "--full-time", "--utc", "-tvf", _directory / "out.tar").RequireAsync();
        Assert.Contains("2020-09-13 12:26:40 ./old", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("2025-", list.Output, StringComparison.Ordinal);
        Assert.Contains("-rwsr-xr-x", list.Output, StringComparison.Ordinal);
        await new Command("sh", "-euc",
            $"mkdir '{_directory}/again'; tar --xattrs -C '{_directory}/again' -xf '{_directory}/out.tar'")
            .RequireAsync();
        Assert.Equal(Digest.OfDirectory(tree), Digest.OfDirectory(_directory / "again"));
        Assert.Equal(Attributes(tree), Attributes(_directory / "again"));
    }

    [Fact]
    public async Task TheDigestDependsOnContentNotOnTimes()
    {
        var (first, second, other) = (await MakeAsync("a", "text", 1_750_000_000),
            await MakeAsync("b", "text", 1_760_000_000), await MakeAsync("c", "other", 1_750_000_000));
        Assert.Equal(first.Digest, second.Digest);
        Assert.NotEqual(first.Digest, other.Digest);
        first.Verify();
    }

    [Theory]
    [InlineData("gzip", OciMediaTypes.GzipLayer)]
    [InlineData("zstd", OciMediaTypes.ZstdLayer)]
    [InlineData("zstd:12", OciMediaTypes.ZstdLayer)]
    public async Task HoweverLayersArePackedTheContentIsTheSame(string compression, string type)
    {
        var plain = await MakeAsync("plain", "text", 1_750_000_000, LayerPacking.None);
        var packed = await MakeAsync("packed", "text", 1_750_000_000, LayerPacking.Parse(compression));
        packed.Verify();
        Assert.Equal(plain.ReadConfig().DiffIds, packed.ReadConfig().DiffIds);
        Assert.Equal([type], packed.ReadManifest().Layers.Select(x => x.MediaType));
        var tree = ImageTree.Read(packed, packed.ReadManifest(), _ => true);
        Assert.Equal("text"u8.ToArray(), tree.Find("file")!.Content);
    }

    [Theory]
    [InlineData("gzp", "--compression gzp is not known; expected gzip, zstd, or zstd:<level> with a level from 1 to "
        + "19. Did you mean 'gzip'?")]
    [InlineData("zstd:20", "--compression zstd:20 is not known; expected gzip, zstd, or zstd:<level> with a level from "
        + "1 to 19")]
    public void WhatIsNoPackingIsTold(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<ProblemException>(() => LayerPacking.Parse(text)).Message);

    [Fact]
    public async Task LayersOfTheBaseStayAsTheyAre()
    {
        var exported = Export("base", "text", 1_750_000_000);
        var diffId = exported.ReadConfig().DiffIds[0];
        await new ReproducibleImage([diffId], s_epoch, LayerPacking.Default).WriteAsync(exported, _directory / "kept");
        Assert.Equal(exported.ReadManifest().Layers, OciLayout.Open(_directory / "kept").ReadManifest().Layers);
    }

    [Fact]
    public async Task LayersOfTheBaseArePackedAsTheBaseHasThemWhateverTheEngineRemembers()
    {
        var (baseImage, exported) = (Export("own", "text", 1_750_000_000),
            Export("remembered", "text", 1_750_000_000, CompressionLevel.NoCompression));
        Assert.NotEqual(baseImage.ReadManifest().Layers, exported.ReadManifest().Layers);
        await new ReproducibleImage(exported.ReadConfig().DiffIds, s_epoch, LayerPacking.Default)
        {
            BaseImage = baseImage,
        }.WriteAsync(exported, _directory / "shared");
        var layout = OciLayout.Open(_directory / "shared");
        Assert.Equal(baseImage.ReadManifest().Layers, layout.ReadManifest().Layers);
        layout.Verify();
    }

    [Fact]
    public async Task ADamagedBlobIsFound()
    {
        var layout = await MakeAsync("damaged", "text", 1_750_000_000);
        await using (var stream = File.Open(layout.Blob(layout.ReadManifest().Layers[0].Digest), FileMode.Open))
            stream.WriteByte(1);
        Assert.Contains("should be sha256:", Assert.Throws<ProblemException>(layout.Verify).Message,
            StringComparison.Ordinal);
    }

    async Task<OciLayout> MakeAsync(string name, string content, long time, LayerPacking? packing = null)
    {
        await new ReproducibleImage([], s_epoch, packing ?? LayerPacking.Default)
            .WriteAsync(Export(name, content, time), _directory / name);
        return OciLayout.Open(_directory / name);
    }

    /// <summary>
    /// A layout as BuildKit exports it: one layer that is not packed, or packed where it was in the cache.
    /// </summary>
    OciLayout Export(string name, string content, long time, CompressionLevel level = CompressionLevel.Fastest)
    {
        var layout = _directory / $"{name}.exported";
        Directory.CreateDirectory(layout / "blobs" / "sha256");
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "file")
            {
                DataStream = new MemoryStream([.. content.Select(x => (byte)x)]),
                ModificationTime = DateTimeOffset.FromUnixTimeSeconds(time),
            });
        }

        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true)) gzip.Write(stream.ToArray());
        var layer = Write(layout, packed.ToArray());
        var config = Write(layout, Json(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["created"] = "2023-11-14T22:13:20Z",
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray(Digest.OfBytes(stream.ToArray())),
            },
        }));
        var manifest = Write(layout, Json(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["config"] = new JsonObject
            {
                ["digest"] = config,
                ["size"] = 1,
                ["mediaType"] = "application/vnd.oci.image.config.v1+json",
            },
            ["layers"] = new JsonArray(new JsonObject
            {
                ["digest"] = layer,
                ["size"] = 1,
                ["mediaType"] = "application/vnd.oci.image.layer.v1.tar+gzip",
            }),
        }));
        File.WriteAllText(layout / "index.json", new JsonObject
        {
            ["manifests"] = new JsonArray(new JsonObject
            {
                ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                ["digest"] = manifest,
                ["size"] = 1,
            }),
        }.ToJsonString());
        return OciLayout.Open(layout);
    }

    static byte[] Json(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());

    static string Write(AbsolutePath layout, byte[] bytes)
    {
        var digest = Digest.OfBytes(bytes);
        File.WriteAllBytes(layout / "blobs" / "sha256" / digest["sha256:".Length..], bytes);
        return digest;
    }

    static string Attributes(AbsolutePath directory) =>
        new Command("sh", "-c", $"cd '{directory}'; getfattr -d -m - old 2>/dev/null; true").RunAsync().Result.Output;
}
