using Nuke.Common.IO;

namespace OpenStack.Catalog;

/// <summary>What a release builds a component from.</summary>
/// <param name="Component">Name of the component and of its repository.</param>
/// <param name="Ref">A branch, a tag or a commit SHA; which of them, the remote knows.</param>
/// <param name="File">
/// The file that says so, relative to the repository; the parameter, where it was given ad hoc.
/// </param>
/// <param name="Line">Line of <paramref name="Ref"/> in the file, from 1; 0 where there is none.</param>
/// <param name="Column">Column of <paramref name="Ref"/> in the line, from 1; 0 where there is none.</param>
public sealed record SourceRef(string Component, string Ref, string File, int Line, int Column)
{
    /// <summary>Where this component's repository is, when it is not with all the others.</summary>
    public string? Url { get; init; }

    /// <summary>A work tree on this machine that stands in for the ref.</summary>
    public AbsolutePath? LocalTree { get; init; }
}
