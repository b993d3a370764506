namespace OpenStack.Oci;

/// <summary>The clients of one piece of work, one for each registry: it is asked who we are once.</summary>
public sealed class RegistryClients : IDisposable
{
    readonly Dictionary<string, RegistryClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Where they are asked instead of where names say.</summary>
    public RegistryMirrorMap Mirrors { get; init; } = RegistryMirrorMap.None;

    /// <summary>How failures are repeated; each client has its own way where it is not given.</summary>
    public RegistryRetry? Retry { get; init; }

    public RegistryClient Of(string registry)
    {
        lock (_clients)
            return _clients.TryGetValue(registry, out var known) ? known
                : _clients[registry] = new RegistryClient(registry, retry: Retry);
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }
}
