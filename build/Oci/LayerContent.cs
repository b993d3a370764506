using System.IO.Compression;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using ZstdSharp;

namespace OpenStack.Oci;

/// <summary>
/// The content of a layer, however it is packed: with gzip, with zstd (RFC 8878, frames to be skipped included), or
/// not. That is told by what it begins with: engines have written other media types than they should.
/// </summary>
static class LayerContent
{
    /// <summary>As many bytes as tell one packing from another.</summary>
    const int Start = 6;

    const string Gzip = "gzip", Zstd = "zstd";

    /// <summary>A frame of zstd that is to be skipped has sixteen of them (RFC 8878, 3.1.2): <c>0x184D2A50</c> and
    /// on.</summary>
    static readonly byte[] s_skipped = [0x2a, 0x4d, 0x18];

    static readonly (byte[] Magic, string Name)[] s_packings =
    [
        ([0x1f, 0x8b], Gzip), ([0x28, 0xb5, 0x2f, 0xfd], Zstd), ([(byte)'B', (byte)'Z', (byte)'h'], "bzip2"),
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz"), ([0x04, 0x22, 0x4d, 0x18], "lz4"),
        ([(byte)'L', (byte)'Z', (byte)'I', (byte)'P'], "lzip"), ([0x5d, 0, 0], "lzma"), ([0x1f, 0x9d], "compress"),
        ([(byte)'P', (byte)'K', 3, 4], "zip"), ([(byte)'7', (byte)'z', 0xbc, 0xaf], "7z"),
    ];

    /// <summary>Name of the program that packed it; null where it is not packed, as far as can be told.</summary>
    public static string? PackingOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 4 && (bytes[0] & 0xf0) == 0x50 && bytes[1..4].SequenceEqual(s_skipped)) return Zstd;
        foreach (var (magic, name) in s_packings)
        {
            if (bytes.StartsWith(magic)) return name;
        }

        return null;
    }

    /// <summary>Whether the blob of a layer is packed.</summary>
    public static bool IsPacked(FileStream blob) => ReadPacking(blob) is not null;

    /// <summary>Opens the blob of a layer and unpacks it.</summary>
    /// <exception cref="InvalidDataException">It is packed in another way.</exception>
    public static Stream Open(FileStream blob) => ReadPacking(blob) switch
    {
        null => blob,
        Gzip => new GZipStream(blob, CompressionMode.Decompress),
        Zstd => new DecompressionStream(blob, leaveOpen: false),
        var other => throw new InvalidDataException($"it is packed with {other}, which no engine unpacks"),
    };

    /// <summary>Fails where <see cref="Open"/> would, having read no more than its first bytes.</summary>
    /// <param name="blob">File of the layer.</param>
    /// <param name="layer">What it is.</param>
    /// <exception cref="ProblemException">It is packed in a way that is not read, encrypted, or nothing to be
    /// unpacked.</exception>
    public static void Require(AbsolutePath blob, OciDescriptor layer)
    {
        using var file = File.OpenRead(blob);
        if (WhyNot(layer, ReadPacking(file)) is { } why)
            throw new ProblemException(new Problem($"The layer {layer.Digest} cannot be read: {why}",
            Expected: "layers that are packed with gzip or zstd, or not at all",
            Remedy: "Take another image, or pack its layers anew: skopeo copy --dest-compress-format gzip " +
                "--dest-force-compress-format"));
    }

    /// <summary>Whether an exception says that what was read is no layer.</summary>
    public static bool IsDamage(Exception e) =>
        e is InvalidDataException or IOException or UnauthorizedAccessException or ZstdException;

    static string? WhyNot(OciDescriptor layer, string? packing) =>
        layer.MediaType.EndsWith("+encrypted", StringComparison.Ordinal) ? "it is encrypted"
        : packing is null or Gzip or Zstd ? null
        : $"it is packed with {packing}, which no engine unpacks";

    static string? ReadPacking(FileStream blob)
    {
        Span<byte> start = stackalloc byte[Start];
        var read = blob.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        blob.Position = 0;
        return PackingOf(start[..read]);
    }
}
