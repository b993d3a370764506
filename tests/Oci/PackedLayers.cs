using System.IO.Compression;
using ZstdSharp;

namespace OpenStack.Tests.Oci;

/// <summary>Layers as other tools pack them.</summary>
static class PackedLayers
{
    /// <summary>A frame that readers skip (RFC 8878, 3.1.2), with eight bytes in it.</summary>
    static readonly byte[] s_skipped = [0x53, 0x2a, 0x4d, 0x18, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];

    public static byte[] Pack(byte[] tar, string how)
    {
        var (first, rest) = (tar[..(tar.Length / 2)], tar[(tar.Length / 2)..]);
        return how switch
        {
            "none" => tar,
            "gzip" => Gzip(tar),
            "gzip in two members" => [.. Gzip(first), .. Gzip(rest)],
            "zstd" => Zstd(tar),
            "zstd with frames to skip" => [.. s_skipped, .. Zstd(tar), .. s_skipped],
            "zstd in two frames" => [.. Zstd(first), .. Zstd(rest)],
            "cut zstd" => Zstd(tar)[..^20],
            "bzip2" => [(byte)'B', (byte)'Z', (byte)'h', (byte)'9', .. tar],
            "xz" => [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, .. tar],
            "lz4" => [0x04, 0x22, 0x4d, 0x18, .. tar],
            "zip" => [(byte)'P', (byte)'K', 3, 4, .. tar],
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };
    }

    static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }

    static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(bytes).ToArray();
    }
}
