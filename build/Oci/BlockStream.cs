using OpenStack.Processes;

namespace OpenStack.Oci;

/// <summary>
/// Packs what is written to it on all processors: it is cut into blocks, each of which is packed by itself. However
/// many processors there are, the bytes are the same.
/// </summary>
/// <param name="output">Gets what is packed; stays open.</param>
/// <param name="blockSize">In bytes.</param>
abstract class BlockStream(Stream output, int blockSize) : WriteOnlyStream
{
    readonly Queue<Task<byte[]>> _packed = new();
    byte[] _block = new byte[blockSize];
    int _filled;
    bool _hasBegun, _isClosed;

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public sealed override void Write(ReadOnlySpan<byte> buffer)
    {
        Look(buffer);
        while (buffer.Length > 0)
        {
            var part = Math.Min(buffer.Length, blockSize - _filled);
            buffer[..part].CopyTo(_block.AsSpan(_filled));
            buffer = buffer[part..];
            _filled += part;
            if (_filled == blockSize) Pack();
        }
    }

    /// <summary>Nothing: where blocks end decides what the bytes are.</summary>
    public sealed override void Flush()
    {
    }

    /// <summary>A block, packed. Called by several threads.</summary>
    protected abstract byte[] Packed(ReadOnlySpan<byte> block);

    /// <summary>Is called with all that is written, in its order.</summary>
    protected virtual void Look(ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>What comes before the first block.</summary>
    protected virtual void Begin(Stream output)
    {
    }

    /// <summary>What comes after the last block.</summary>
    protected virtual void End(Stream output)
    {
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            if (_filled > 0) Pack();
            while (_packed.Count > 0) WriteFirst();
            BeginOnce();
            End(output);
        }

        base.Dispose(disposing);
    }

    void Pack()
    {
        var (block, filled) = (_block, _filled);
        (_block, _filled) = (new byte[blockSize], 0);
        _packed.Enqueue(Task.Run(() => Packed(block.AsSpan(0, filled))));
        // No more is kept than what the processors work on.
        while (_packed.Count > Environment.ProcessorCount * 2) WriteFirst();
    }

    void WriteFirst()
    {
        BeginOnce();
        output.Write(_packed.Dequeue().GetAwaiter().GetResult());
    }

    void BeginOnce()
    {
        if (!_hasBegun) Begin(output);
        _hasBegun = true;
    }
}
