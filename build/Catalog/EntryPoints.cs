namespace OpenStack.Catalog;

/// <summary>How a component is started in one release.</summary>
/// <param name="Distribution">Name of its Python distribution, <c>openstack-placement</c> for placement.</param>
/// <param name="Scripts">Scripts that are installed with it.</param>
/// <param name="Wsgi">Modules whose top level binds <c>application</c>.</param>
public sealed record EntryPoints(string Distribution, IReadOnlyList<string> Scripts, IReadOnlyList<string> Wsgi)
{
    /// <summary>Scripts that its image does not install: they would need a distribution that it does not have.</summary>
    public IReadOnlyList<string> UnusedScripts { get; init; } = [];
}
