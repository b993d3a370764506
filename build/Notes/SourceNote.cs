using OpenStack.Updates;

namespace OpenStack.Notes;

/// <summary>What became of a component that is, or was, built from source.</summary>
/// <param name="Component">Its name.</param>
/// <param name="From">Its version before; null where it was not there.</param>
/// <param name="To">Its version now; null where it is not there any more.</param>
/// <param name="FromCommit">Null where it was not built from source.</param>
/// <param name="ToCommit">Null where it is not built from source any more.</param>
sealed record SourceNote(string Component, string? From, string? To, string? FromCommit, string? ToCommit)
{
    /// <summary>Upstream's commits that came, newest first; null where nobody can tell.</summary>
    public IReadOnlyList<UpstreamChange>? Commits { get; init; }

    /// <summary>
    /// Those that went: the commit now does not descend from the one before. Null where nobody can tell.
    /// </summary>
    public IReadOnlyList<UpstreamChange>? Gone { get; init; }

    /// <summary>Why nobody can tell; null where it is known.</summary>
    public string? NotKnown { get; init; }
}
