namespace OpenStack.Diagnostics;

/// <summary>Bytes that come or go, as far as it is known yet. Asked from another thread, at any time.</summary>
/// <param name="Expected">How many there will be; 0 where nobody knows.</param>
/// <param name="Moved">How many there were.</param>
public sealed record Transfer(Func<long> Expected, Func<long> Moved);
