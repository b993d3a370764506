using ZstdSharp;

namespace OpenStack.Oci;

/// <summary>
/// Packs what is written to it with zstd (RFC 8878): each block is a frame, as pzstd does it. The bytes are the same as
/// long as the library packs alike.
/// </summary>
/// <param name="output">Gets the frames; stays open.</param>
/// <param name="level">Of zstd, from 1 to 19.</param>
sealed class BlockZstdStream(Stream output, int level) : BlockStream(output, BlockSize)
{
    /// <summary>Frames of less cost some percent of size.</summary>
    const int BlockSize = 8 << 20;

    /// <summary>What the bytes depend on beside the input and the level.</summary>
    public static string Packing { get; } =
        $"ZstdSharp {typeof(Compressor).Assembly.GetName().Version}, frames of {BlockSize}";

    protected override byte[] Packed(ReadOnlySpan<byte> block)
    {
        using var compressor = new Compressor(level);
        return compressor.Wrap(block).ToArray();
    }
}
