using OpenStack.Oci;
using ZstdSharp;

namespace OpenStack.Tests.Oci;

/// <summary>What is packed in frames of zstd is always the same, and whoever reads zstd reads it.</summary>
public sealed class BlockZstdStreamTests
{
    const int Block = 8 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData((2 * Block) + 17)]
    public void ItIsTheContentInFrames(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++) content[i] = (byte)((i * 7919) >> 9);
        var packed = Packed(content, 4096);
        Assert.Equal(packed, Packed(content, content.Length + 1));
        using var unpacked = new MemoryStream();
        using (var zstd = new DecompressionStream(new MemoryStream(packed))) zstd.CopyTo(unpacked);
        Assert.Equal(content, unpacked.ToArray());
    }

    static byte[] Packed(byte[] content, int atOnce)
    {
        using var output = new MemoryStream();
        using (var zstd = new BlockZstdStream(output, level: 3))
            for (var start = 0; start < content.Length; start += atOnce)
                zstd.Write(content.AsSpan(start, Math.Min(atOnce, content.Length - start)));
        return output.ToArray();
    }
}
