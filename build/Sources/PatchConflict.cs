namespace OpenStack.Sources;

/// <summary>Where a patch and the source part.</summary>
/// <param name="File">File in the source tree.</param>
/// <param name="Hunk">Number of the hunk among those of the file, from 1; 0 for the whole file.</param>
/// <param name="PatchLine">Line of the patch, from 1.</param>
/// <param name="SourceLine">
/// Line of the source, from 1, at which <paramref name="Found"/> stands; 0 for the whole file.
/// </param>
/// <param name="Reason">A part of a sentence.</param>
/// <param name="Expected">Lines that the patch expects, from the first that differs; a few.</param>
/// <param name="Found">Lines that the source has in their place.</param>
public sealed record PatchConflict(
    string File, int Hunk, int PatchLine, int SourceLine, string Reason, IReadOnlyList<string> Expected,
    IReadOnlyList<string> Found)
{
    public override string ToString() => Hunk > 0
        ? $"hunk {Hunk} does not apply to {File} near line {SourceLine}: {Reason}"
        : $"the patch does not apply to {File}: {Reason}";
}
