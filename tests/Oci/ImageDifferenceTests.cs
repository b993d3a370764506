using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

public sealed class ImageDifferenceTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void TheSameImageHasNoDifference() =>
        Assert.Null(Between(Image("a", [File("etc/x", "1")]), Image("b", [File("etc/x", "1")])));

    [Fact]
    public void TheFirstAttributeThatDiffersIsNamed()
    {
        var one = File("usr/bin/x", "1");
        Assert.Equal("layer 0: usr/bin/x: mode 0644, mode 0755",
            Differs(one, File("usr/bin/x", "1", x => x.Mode = (UnixFileMode)0b111_101_101)));
        Assert.Equal("layer 0: usr/bin/x: owner 0, owner 42424",
            Differs(one, File("usr/bin/x", "1", x => x.Uid = 42424)));
        Assert.Equal("layer 0: usr/bin/x: group 0, group 4", Differs(one, File("usr/bin/x", "1", x => x.Gid = 4)));
        Assert.Equal("layer 0: usr/bin/x: time 2026-01-02T03:04:05Z, time 2026-01-02T03:04:06Z",
            Differs(one, File("usr/bin/x", "1", x => x.ModificationTime = x.ModificationTime.AddSeconds(1))));
        Assert.Equal("layer 0: usr/bin/x: attributes , attributes security.capability=x", Differs(one,
            new PaxTarEntry(TarEntryType.RegularFile, "usr/bin/x",
                new Dictionary<string, string> { ["SCHILY.xattr.security.capability"] = "x" })
            {
                ModificationTime = one.ModificationTime,
                DataStream = new MemoryStream("1"u8.ToArray()),
            }));
    }

    [Fact]
    public void OfTextItIsTheLineOfOtherFilesTheByteOfArchivesTheMember()
    {
        Assert.Equal("layer 0: x: line 2: 'b', 'c'", Differs(File("x", "a\nb\n"), File("x", "a\nc\n")));
        Assert.Equal("layer 0: x: byte 2: 01, 02", Differs(File("x", "a\0\u0001"), File("x", "a\0\u0002")));
        Assert.Equal("layer 0: x.whl: member y.py: line 1: '1', '2'",
            Differs(File("x.whl", Zip(("z", "0"), ("y.py", "1"))), File("x.whl", Zip(("z", "0"), ("y.py", "2")))));
        Assert.Equal("layer 0: x.whl: the same members in another order",
            Differs(File("x.whl", Zip(("z", "0"), ("y", "1"))), File("x.whl", Zip(("y", "1"), ("z", "0")))));
        Assert.Equal("layer 0: x.gz: within what is packed, line 1: '1', '12' (1 bytes, 2 bytes)",
            Differs(File("x.gz", Gzip("1")), File("x.gz", Gzip("12"))));
        // What begins as an archive and is none is a file as others are.
        Assert.Equal("layer 0: x: line 1: 'PK1', 'PK2'", Differs(File("x", "PK1"), File("x", "PK2")));
    }

    [Fact]
    public void WhatOneOfThemAloneHasIsSaid()
    {
        Assert.Equal("layer 0: b: it is in the second alone",
            Between(Image("a", [File("a", "")]), Image("b", [File("a", ""), File("b", "")]))!.ToString());
        Assert.Equal("layer 0: the same files in another order", Between(
            Image("c", [File("a", ""), File("b", "")]), Image("d", [File("b", ""), File("a", "")]))!.ToString());
        Assert.Equal("layer 1: b: it is in the second alone, as the layer is",
            Between(Image("e", [File("a", "")]), Image("f", [File("a", "")], [File("b", "")]))!.ToString());
        Assert.Equal("its configuration, config, User: \"root\", \"keystone\"", Between(
            Image("g", "root", [File("a", "")]), Image("h", "keystone", [File("a", "")]))!.ToString());
    }

    string Differs(TarEntry one, TarEntry other) =>
        Between(Image(Guid.NewGuid().ToString("N"), [one]), Image(Guid.NewGuid().ToString("N"), [other]))!.ToString();

    static ImageDifference? Between(OciLayout one, OciLayout other) =>
        ImageDifference.Between(one, one.Root, other, other.Root);

    static PaxTarEntry File(string name, string content, Action<TarEntry>? change = null) =>
        File(name, Encoding.UTF8.GetBytes(content), change);

    static PaxTarEntry File(string name, byte[] content, Action<TarEntry>? change = null)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            ModificationTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            DataStream = new MemoryStream(content),
        };
        change?.Invoke(entry);
        return entry;
    }

    static byte[] Zip(params IReadOnlyList<(string Name, string Content)> members)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in members)
            {
                var entry = archive.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(Encoding.UTF8.GetBytes(content));
            }

        return bytes.ToArray();
    }

    static byte[] Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    OciLayout Image(string name, params IReadOnlyList<TarEntry>[] layers) => Image(name, "root", layers);

    OciLayout Image(string name, string user, params IReadOnlyList<TarEntry>[] layers)
    {
        AbsolutePath layout = _temporary / name;
        Directory.CreateDirectory(layout / "blobs" / "sha256");
        var config = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["User"] = user },
        };
        ReproducibleImage.WriteLayout(layout, ReproducibleImage.WriteJson(layout, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Manifest,
            ["config"] = ReproducibleImage.WriteJson(layout, config, OciMediaTypes.Config),
            ["layers"] = new JsonArray([.. layers.Select(x => Layer(layout, x))]),
        }, OciMediaTypes.Manifest));
        return OciLayout.Open(layout);
    }

    static JsonObject Layer(AbsolutePath layout, IReadOnlyList<TarEntry> entries)
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
            foreach (var entry in entries) writer.WriteEntry(entry);
        var content = tar.ToArray();
        var digest = Digest.OfBytes(content);
        System.IO.File.WriteAllBytes(ReproducibleImage.BlobIn(layout, digest), content);
        return ReproducibleImage.Descriptor(OciMediaTypes.GzipLayer, digest, content.Length);
    }
}
