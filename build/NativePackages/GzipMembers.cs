using System.IO.Compression;

namespace OpenStack.NativePackages;

/// <summary>
/// The members of a file of gzip, one at a time (RFC 1952, 2.2): <see cref="GZipStream"/> takes all of them for one,
/// and does not say where one ends.
/// </summary>
/// <param name="file">Is read from its place on, and stays open.</param>
sealed class GzipMembers(FileStream file)
{
    /// <summary>Signatures and control segments are kilobytes; who sends more wants the memory.</summary>
    const int Longest = 64 << 20;

    /// <summary>Reads a member to its end.</summary>
    /// <exception cref="InvalidDataException">There is none, it is broken, or too long.</exception>
    public (byte[] Packed, byte[] Content) Next()
    {
        var start = file.Position;
        var content = Read();
        var packed = new byte[file.Position - start];
        file.Position = start;
        file.ReadExactly(packed);
        return (packed, content);
    }

    byte[] Read()
    {
        SkipHeader();
        using var content = new MemoryStream();
        // Told to take single bytes, it stops with the last that it needs.
        using (var inflate = new DeflateStream(new Single(file), CompressionMode.Decompress))
        {
            var buffer = new byte[1 << 14];
            for (int read; (read = inflate.Read(buffer)) > 0; content.Write(buffer, 0, read))
            {
                if (content.Length > Longest) throw new InvalidDataException("a member is too long");
            }
        }

        // CRC and length: what is read is known by a digest, or a signature, too.
        Skip(4);
        Span<byte> length = stackalloc byte[4];
        file.ReadExactly(length);
        return BitConverter.ToUInt32(length) == (uint)content.Length ? content.ToArray()
            : throw new InvalidDataException("a member of gzip has another length than it says");
    }

    void SkipHeader()
    {
        Span<byte> header = stackalloc byte[10];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || header[0] != 0x1f || header[1] != 0x8b || header[2] != 8)
            throw new InvalidDataException("there is no member of gzip where one should be");
        var flags = header[3];
        if ((flags & 4) != 0) Skip(file.ReadByte() | (file.ReadByte() << 8));
        for (var text = (flags >> 3 & 1) + (flags >> 4 & 1); text > 0; text--)
            while (file.ReadByte() is not 0 and var next)
                if (next < 0) throw new EndOfStreamException("a header of gzip does not end");
        if ((flags & 2) != 0) Skip(2);
    }

    void Skip(int count)
    {
        if (count < 0 || file.Position + count > file.Length) throw new EndOfStreamException("a member does not end");
        file.Position += count;
    }

    /// <summary>Gives one byte at a time.</summary>
    sealed class Single(FileStream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            inner.Read(buffer, offset, Math.Min(count, 1));

        public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(buffer.Length, 1)]);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
