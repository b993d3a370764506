namespace OpenStack.Processes;

/// <summary>
/// Standard input of a program; tells a program that does not read any more from a writer that fails.
/// </summary>
sealed class InputPipe(Stream pipe) : WriteOnlyStream
{
    /// <summary>Whether the program has closed its end.</summary>
    public bool IsBroken { get; private set; }

    public override void Flush() => pipe.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => pipe.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            pipe.Write(buffer, offset, count);
        }
        catch (IOException)
        {
            IsBroken = true;
            throw;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        MindAsync(pipe.WriteAsync(buffer, offset, count, cancellationToken));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(MindAsync(pipe.WriteAsync(buffer, cancellationToken).AsTask()));

    protected override void Dispose(bool disposing)
    {
        if (disposing) pipe.Dispose();
        base.Dispose(disposing);
    }

    async Task MindAsync(Task write)
    {
        try
        {
            await write;
        }
        catch (IOException)
        {
            IsBroken = true;
            throw;
        }
    }
}
