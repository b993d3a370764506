namespace OpenStack.Catalog;

/// <summary>What a release builds a component from.</summary>
/// <param name="Component">Name of the component and of its repository.</param>
/// <param name="Ref">A branch, a tag or a commit SHA; which of them, the remote knows.</param>
/// <param name="File">The file that says so, relative to the repository.</param>
/// <param name="Line">Line of <paramref name="Ref"/> in the file, from 1.</param>
/// <param name="Column">Column of <paramref name="Ref"/> in the line, from 1.</param>
public sealed record SourceRef(string Component, string Ref, string File, int Line, int Column);
