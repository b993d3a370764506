using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>What becomes of a change in a release.</summary>
enum PickState
{
    /// <summary>It is the very change that upstream made.</summary>
    Picked,

    /// <summary>It was merged: some hunks are at other lines, or what is around them differs.</summary>
    Merged,

    /// <summary>Somebody has resolved its conflict.</summary>
    Resolved,

    /// <summary>The ref of the release has it already.</summary>
    InRef,

    /// <summary>It is among the patches of the release already.</summary>
    AmongPatches,

    /// <summary>Whoever resolved its conflict has left nothing of it.</summary>
    LeftOut,

    /// <summary>The release has other lines than it changes.</summary>
    Conflict,
}

/// <summary>What becomes of one change in one release.</summary>
sealed record PickOutcome(UpstreamChange Change, PickState State)
{
    /// <summary>The tree with it, where it is taken.</summary>
    public string? Tree { get; init; }

    /// <summary>What is not as upstream has it.</summary>
    public MovedHunks? Hunks { get; init; }

    /// <summary>The commit of the ref that has it; null where none was found.</summary>
    public UpstreamCommit? There { get; init; }

    /// <summary>The patch that it is: one that was there, or the one that is written.</summary>
    public string? Patch { get; init; }

    public IReadOnlyList<PickConflict> Conflicts { get; init; } = [];

    /// <summary>Of a conflict, what may have to come first.</summary>
    public string? Hint { get; init; }

    public bool IsTaken => State <= PickState.Resolved;
}

/// <summary>What becomes of a series in one release: all of it is taken, or nothing.</summary>
/// <param name="Outcomes">Up to the first conflict.</param>
sealed record ReleaseOutcome(string Component, string Release, IReadOnlyList<PickOutcome> Outcomes)
{
    /// <summary>The patches to be written: name and contents.</summary>
    public IReadOnlyList<(string Name, byte[] Contents)> Patches { get; init; } = [];

    /// <summary>Why nothing is written.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>What the user should know all the same.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What <c>source-refs.yaml</c> is to say of a library that it does not have yet; else null.</summary>
    public string? NewRef { get; init; }

    public string Directory => $"patches/{Component}/{Release}";
}
