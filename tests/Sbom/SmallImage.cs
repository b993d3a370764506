using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Tests.Sbom;

/// <summary>An image of a few files, as an OCI layout.</summary>
sealed class SmallImage : IDisposable
{
    readonly List<byte[]> _layers = [];
    readonly Dictionary<int, byte[]> _packed = [];

    public AbsolutePath Directory { get; } = System.IO.Directory.CreateTempSubdirectory("small-image-").FullName;

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>
    /// Adds a layer of files; one whose text begins with <c>-&gt;</c> is a symbolic link, with <c>=&gt;</c> a hard
    /// link, a path that ends in / a directory.
    /// </summary>
    public SmallImage Layer(params IReadOnlyList<(string Path, string Text)> files) => Layer(Tar(files));

    public SmallImage Layer(byte[] tar)
    {
        _layers.Add(tar);
        return this;
    }

    /// <summary>Adds a layer as it is packed by somebody else.</summary>
    public SmallImage Packed(byte[] packed, byte[] tar)
    {
        _packed[_layers.Count] = packed;
        return Layer(tar);
    }

    public static byte[] Tar(IReadOnlyList<(string Path, string Text)> files)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                // Names that are too long for ustar have a header with the number of our process in it.
                TarEntry Entry(TarEntryType type) =>
                    path.Length <= 100 ? new UstarTarEntry(type, path) : new PaxTarEntry(type, path);
                var link = text.Length > 2 ? text[..2] : "";
                var entry = Entry(path.EndsWith('/') ? TarEntryType.Directory
                    : link == "->" ? TarEntryType.SymbolicLink
                    : link == "=>" ? TarEntryType.HardLink
                    : TarEntryType.RegularFile);
                if (link is "->" or "=>") entry.LinkName = text[2..];
                else if (entry.EntryType == TarEntryType.RegularFile)
                    entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text));
                entry.ModificationTime = DateTimeOffset.UnixEpoch;
                writer.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    /// <summary>
    /// Writes the layout: layers packed with gzip and as they are, in turn, or none packed, for digests that are the
    /// same with every version of zlib.
    /// </summary>
    public OciLayout Write(string name = "image", IReadOnlyDictionary<string, string>? labels = null, bool pack = true)
    {
        var layout = Directory / name;
        System.IO.Directory.CreateDirectory(layout / "blobs" / "sha256");
        var layers = new JsonArray();
        foreach (var (tar, i) in _layers.Select((x, i) => (x, i)))
        {
            var packed = _packed.GetValueOrDefault(i) ?? (pack && i % 2 == 0 ? Gzip(tar) : tar);
            layers.Add(Descriptor(Blob(layout, packed), packed.Length, OciMediaTypes.GzipLayer));
        }

        var config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["created"] = "2026-01-02T03:04:05Z",
            ["config"] = new JsonObject
            {
                ["Labels"] = new JsonObject((labels ?? new Dictionary<string, string>())
                    .Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value))),
            },
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. _layers.Select(x => JsonValue.Create(Digest.OfBytes(x)))]),
            },
        }.ToJsonString());
        var manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Manifest,
            ["config"] = Descriptor(Blob(layout, config), config.Length, OciMediaTypes.Config),
            ["layers"] = layers,
        }.ToJsonString());
        File.WriteAllText(layout / "index.json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["manifests"] = new JsonArray(Descriptor(Blob(layout, manifest), manifest.Length, OciMediaTypes.Manifest)),
        }.ToJsonString());
        return OciLayout.Open(layout);
    }

    static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }

    static string Blob(AbsolutePath layout, byte[] bytes)
    {
        var digest = Digest.OfBytes(bytes);
        File.WriteAllBytes(layout / "blobs" / digest.Replace(':', '/'), bytes);
        return digest;
    }

    static JsonObject Descriptor(string digest, long size, string type) =>
        new() { ["mediaType"] = type, ["digest"] = digest, ["size"] = size };
}
