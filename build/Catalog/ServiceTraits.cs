namespace OpenStack.Catalog;

/// <summary>What a service's own tree says of how it is run, beside its <see cref="EntryPoints"/>.</summary>
public sealed record ServiceTraits
{
    /// <summary>Functions that return its WSGI application, <c>module:function</c>.</summary>
    public IReadOnlyList<string> Factories { get; init; } = [];

    /// <summary>Its ASGI applications, <c>module:name</c>, where it requires a server for them.</summary>
    public IReadOnlyList<string> Asgi { get; init; } = [];

    /// <summary>
    /// What its directories below <c>/etc</c> are called, where that is not the service's name: freezer-api has
    /// <c>/etc/freezer</c>.
    /// </summary>
    public IReadOnlyList<string> ConfigurationNames { get; init; } = [];

    /// <summary>The port of its API; null where it does not say.</summary>
    public string? Port { get; init; }

    /// <summary>Scripts that print the version when they are asked for it, and do nothing else then.</summary>
    public IReadOnlyList<string> VersionScripts { get; init; } = [];

    /// <summary>Files in its packages that its code opens at run time.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>Programs that it runs as root: what its rootwrap filters let through.</summary>
    public IReadOnlyList<string> RootPrograms { get; init; } = [];

    /// <summary>Whether it has a database.</summary>
    public bool HasDatabase { get; init; }

    /// <summary>
    /// Whether it is commands for whoever sits at a terminal: it listens nowhere, has no configuration of a service,
    /// and prints its name before its version.
    /// </summary>
    public bool IsClient { get; init; }
}
