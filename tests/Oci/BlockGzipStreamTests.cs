using System.IO.Compression;
using OpenStack.NativePackages;
using OpenStack.Oci;

namespace OpenStack.Tests.Oci;

/// <summary>What is packed in blocks is one member of gzip, and always the same.</summary>
public sealed class BlockGzipStreamTests
{
    const int Block = 1 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData(12 * Block)]
    public void ItIsOneMemberOfGzipWithTheContentInIt(int length)
    {
        var content = Content(length);
        var packed = Packed(content, content.Length);
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)) gzip.CopyTo(unpacked);
        Assert.Equal(content, unpacked.ToArray());
        // Not several, which many a reader takes for one.
        using var file = new FileStream(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.gz"),
            FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        file.Write(packed);
        file.Position = 0;
        Assert.Equal(content, new GzipMembers(file).Next().Content);
        Assert.Equal(file.Length, file.Position);
    }

    [Fact]
    public void HowItIsWrittenDoesNotChangeIt()
    {
        var content = Content((3 * Block) + 17);
        var whole = Packed(content, content.Length);
        Assert.Equal(whole, Packed(content, 4096));
        Assert.Equal(whole, Packed(content, Block + 1));
    }

    [Fact]
    public void WhatRepeatsTakesLittle() => Assert.InRange(Packed(new byte[4 * Block], Block).Length, 1, 32_000);

    /// <summary>Neither all the same nor all different.</summary>
    static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(7).NextBytes(content);
        for (var i = 0; i < length; i++) content[i] &= 0x0f;
        return content;
    }

    static byte[] Packed(byte[] content, int atOnce)
    {
        using var output = new MemoryStream();
        using (var gzip = new BlockGzipStream(output, level: 5))
            for (var start = 0; start < content.Length; start += atOnce)
                gzip.Write(content.AsSpan(start, Math.Min(atOnce, content.Length - start)));
        return output.ToArray();
    }
}
