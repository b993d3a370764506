using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using OpenStack.Processes;

namespace OpenStack.Oci;

/// <summary>
/// Packs what is written to it as one member of gzip (RFC 1952), on all processors: what is written is cut into blocks,
/// each of which is deflated by itself and ends on a byte (a sync flush), as pigz does it. However many processors
/// there are, the bytes are the same, as long as the runtime deflates alike.
/// </summary>
/// <param name="output">Gets the member; stays open.</param>
/// <param name="level">Of zlib, from 1 to 9.</param>
sealed class BlockGzipStream(Stream output, int level) : WriteOnlyStream
{
    const int BlockSize = 1 << 20;

    /// <summary>What the bytes depend on beside the input and the level.</summary>
    public static string Packing { get; } = $".NET {Environment.Version}, blocks of {BlockSize}";

    /// <summary>Deflate, no name, no time, no further flags, an unknown system.</summary>
    static readonly byte[] s_header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

    /// <summary>An empty block, the last one (RFC 1951, 3.2.6).</summary>
    static readonly byte[] s_end = [3, 0];

    readonly Queue<Task<byte[]>> _packed = new();
    readonly Crc32 _crc = new();
    byte[] _block = new byte[BlockSize];
    int _filled;
    uint _length;
    bool _hasBegun;
    bool _isClosed;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _crc.Append(buffer);
        _length += (uint)buffer.Length;
        while (buffer.Length > 0)
        {
            var part = Math.Min(buffer.Length, BlockSize - _filled);
            buffer[..part].CopyTo(_block.AsSpan(_filled));
            buffer = buffer[part..];
            _filled += part;
            if (_filled == BlockSize) Pack();
        }
    }

    /// <summary>Nothing: where blocks end decides what the bytes are.</summary>
    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            if (_filled > 0) Pack();
            while (_packed.Count > 0) WriteFirst();
            Begin();
            output.Write(s_end);
            Span<byte> trailer = stackalloc byte[8];
            BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.GetCurrentHashAsUInt32());
            BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
            output.Write(trailer);
        }

        base.Dispose(disposing);
    }

    void Pack()
    {
        var (block, filled) = (_block, _filled);
        (_block, _filled) = (new byte[BlockSize], 0);
        _packed.Enqueue(Task.Run(() => Deflated(block.AsSpan(0, filled))));
        // No more is kept than what the processors work on.
        while (_packed.Count > Environment.ProcessorCount * 2) WriteFirst();
    }

    void WriteFirst()
    {
        Begin();
        output.Write(_packed.Dequeue().GetAwaiter().GetResult());
    }

    void Begin()
    {
        if (!_hasBegun) output.Write(s_header);
        _hasBegun = true;
    }

    byte[] Deflated(ReadOnlySpan<byte> block)
    {
        var packed = new MemoryStream();
        using var deflate = new DeflateStream(packed, new ZLibCompressionOptions { CompressionLevel = level });
        deflate.Write(block);
        deflate.Flush();
        // What it writes when it is closed is the end of a member.
        return packed.ToArray();
    }
}
