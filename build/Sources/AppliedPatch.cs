namespace OpenStack.Sources;

/// <summary>A patch that is part of a sealed tree.</summary>
/// <param name="Name">File name.</param>
/// <param name="Digest">Of the file, as <c>sha256:…</c>.</param>
/// <param name="Offsets">Hunks that git found at other lines than the patch says; none when it applies exactly.</param>
/// <param name="Header">Who changed what, and why.</param>
public sealed record AppliedPatch(string Name, string Digest, IReadOnlyList<HunkOffset> Offsets, PatchHeader Header);

/// <param name="File">File in the source tree.</param>
/// <param name="Hunk">Number of the hunk among those of the file, from 1.</param>
/// <param name="Lines">How many lines further down (negative: up) it was found.</param>
public sealed record HunkOffset(string File, int Hunk, int Lines);
