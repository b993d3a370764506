using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>One entry of source-refs.yaml, or what was given in its place, to be resolved.</summary>
/// <param name="Component">Name of the component, which is also the name of its mirror.</param>
/// <param name="Remote">Url of its git repository.</param>
/// <param name="Ref">Branch, tag or commit.</param>
/// <param name="File">Where it is written, for messages.</param>
public sealed record RefRequest(string Component, string Remote, string Ref, string? File = null, int Line = 0,
    int Column = 0)
{
    /// <summary>What stands in for the remote.</summary>
    public AbsolutePath? LocalTree { get; init; }

    /// <summary>What is recorded of the ref, if it is a tag.</summary>
    public LockedRef? Locked { get; init; }

    /// <summary>What takes the place of the ref where it is gone; null where nothing does.</summary>
    public RefSuccessors? Successors { get; init; }

    /// <summary>What problems with it are about, where several are resolved at once.</summary>
    public string? Subject { get; init; }

    /// <summary>All that the ref may be resolved to: itself, and what takes its place.</summary>
    public IReadOnlyList<string> Names => [Ref, .. Successors?.Refs ?? []];

    /// <summary>Whether it was this that has been resolved.</summary>
    public bool IsResolvedBy(ResolvedRef resolved) => Names.Contains(resolved.Ref)
        && resolved.Remote == RemoteUrl.WithoutCredentials(Remote) && resolved.Local is null == LocalTree is null;

    /// <summary>Where it leads, if nobody need be asked: a tag that is recorded, a commit; else null.</summary>
    public ResolvedRef? Known => LocalTree is not null ? null
        : Locked is not null ? Of(RefKind.Tag, Locked.Commit)
        : Ref.Length == 40 && Ref.All(char.IsAsciiHexDigitLower) ? Of(RefKind.Commit, Ref)
        : null;

    ResolvedRef Of(RefKind kind, string commit) =>
        new(Component, RemoteUrl.WithoutCredentials(Remote), Ref, kind, commit);

    /// <summary>The first of these that a repository has, and what it is.</summary>
    public (string Ref, RefKind Kind, string Commit)? FindIn(RefList list)
    {
        foreach (var name in Names)
            if (list.Find(name) is var (kind, commit)) return (name, kind, commit);
        return null;
    }

    /// <summary>That something else takes the place of the ref; null where it is itself.</summary>
    public string? NoteOf(string taken) => taken == Ref ? null
        : $"'{Ref}' is gone, as {Successors!.Because}: '{taken}' takes its place";

    /// <summary>A problem with the ref, with where it is written, unless it is in a file of its own.</summary>
    public Problem Place(Problem problem) =>
        (problem.File is null ? problem with { File = File, Line = Line, Column = Column } : problem) with
        {
            Subject = Subject,
        };
}
