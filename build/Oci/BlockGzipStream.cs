using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace OpenStack.Oci;

/// <summary>
/// Packs what is written to it as one member of gzip (RFC 1952): each block is deflated by itself and ends on a byte (a
/// sync flush), as pigz does it. The bytes are the same as long as the runtime deflates alike.
/// </summary>
/// <param name="output">Gets the member; stays open.</param>
/// <param name="level">Of zlib, from 1 to 9.</param>
sealed class BlockGzipStream(Stream output, int level) : BlockStream(output, BlockSize)
{
    const int BlockSize = 1 << 20;

    /// <summary>What the bytes depend on beside the input and the level.</summary>
    public static string Packing { get; } = $".NET {Environment.Version}, blocks of {BlockSize}";

    /// <summary>Deflate, no name, no time, no further flags, an unknown system.</summary>
    static readonly byte[] s_header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

    /// <summary>An empty block, the last one (RFC 1951, 3.2.6).</summary>
    static readonly byte[] s_end = [3, 0];

    readonly Crc32 _crc = new();
    uint _length;

    protected override void Look(ReadOnlySpan<byte> bytes)
    {
        _crc.Append(bytes);
        _length += (uint)bytes.Length;
    }

    protected override void Begin(Stream output) => output.Write(s_header);

    protected override void End(Stream output)
    {
        output.Write(s_end);
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        output.Write(trailer);
    }

    protected override byte[] Packed(ReadOnlySpan<byte> block)
    {
        var packed = new MemoryStream();
        using var deflate = new DeflateStream(packed, new ZLibCompressionOptions { CompressionLevel = level });
        deflate.Write(block);
        deflate.Flush();
        // What it writes when it is closed is the end of a member.
        return packed.ToArray();
    }
}
