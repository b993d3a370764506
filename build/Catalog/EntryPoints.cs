namespace OpenStack.Catalog;

/// <summary>How a component is started in one release.</summary>
/// <param name="Distribution">Name of its Python distribution, <c>openstack-placement</c> for placement.</param>
/// <param name="Scripts">Scripts that are installed with it.</param>
/// <param name="Wsgi">Modules whose top level binds <c>application</c>.</param>
/// <param name="Migrations">
/// Commands that bring its database up to date, in their order; words apart by single blanks.
/// </param>
public sealed record EntryPoints(string Distribution, IReadOnlyList<string> Scripts, IReadOnlyList<string> Wsgi,
    IReadOnlyList<string> Migrations);
