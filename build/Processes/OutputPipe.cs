namespace OpenStack.Processes;

/// <summary>
/// Standard output or error of a program. It ends with the program: what that left running in the background may hold
/// the other end open for as long as it likes. Whoever reads it may dispose of it: the pipe stays open, and what else
/// is written into it can be read.
/// </summary>
sealed class OutputPipe(Stream pipe) : Stream
{
    /// <summary>What was written before the end is there by then.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly byte[] _buffer = new byte[1 << 16];
    ReadOnlyMemory<byte> _rest;
    Task<int>? _reading;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the stream after what is in the pipe now.</summary>
    public void End() => _isOver.TrySetResult();

    /// <summary>
    /// A read that is under way is not given up with the token: it would take the bytes that the next one should get.
    /// </summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0) return 0;
        if (_rest.Length == 0 && !await FillAsync().WaitAsync(cancellationToken)) return 0;
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <returns>Whether there is more.</returns>
    async Task<bool> FillAsync()
    {
        _reading ??= pipe.ReadAsync(_buffer).AsTask();
        if (!_reading.IsCompleted) await Task.WhenAny(_reading, _isOver.Task);
        if (!_reading.IsCompleted) await Task.WhenAny(_reading, Task.Delay(s_patience));
        if (!_reading.IsCompleted) return false;
        var count = await _reading;
        _reading = null;
        _rest = _buffer.AsMemory(0, count);
        return count > 0;
    }
}
