namespace OpenStack.Oci;

/// <summary>Ends an exchange in which nothing has moved for a while.</summary>
sealed class Stall : IDisposable
{
    /// <summary>Committing a large blob takes some storage a while.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    readonly CancellationToken _caller;
    readonly CancellationTokenSource _source;

    /// <param name="caller">Ends it as well.</param>
    public Stall(CancellationToken caller)
    {
        (_caller, _source) = (caller, CancellationTokenSource.CreateLinkedTokenSource(caller));
        Moved();
    }

    public CancellationToken Token => _source.Token;

    public bool IsCancelledByCaller => _caller.IsCancellationRequested;

    /// <summary>Something has moved.</summary>
    public void Moved() => _source.CancelAfter(s_patience);

    public void Dispose() => _source.Dispose();
}
