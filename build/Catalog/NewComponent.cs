namespace OpenStack.Catalog;

/// <summary>What a release is to say of a component that is added to it.</summary>
/// <param name="Ref">Branch, tag or commit.</param>
/// <param name="Distribution">Name of its Python distribution; null where it, and what follows, is not known.</param>
/// <param name="Scripts">Scripts that are installed with it.</param>
/// <param name="Wsgi">Modules whose top level binds <c>application</c>.</param>
public sealed record NewComponent(string Ref, string? Distribution, IReadOnlyList<string> Scripts, IReadOnlyList<string> Wsgi);
