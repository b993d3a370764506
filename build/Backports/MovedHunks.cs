using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>What is not as upstream has it after a change was merged into a release.</summary>
/// <param name="Moved">Hunks that are at other lines.</param>
/// <param name="Others">Files in which the lines of a hunk, or those around it, are others.</param>
sealed record MovedHunks(IReadOnlyList<HunkOffset> Moved, IReadOnlyList<string> Others)
{
    public bool IsNone => Moved.Count + Others.Count == 0;

    /// <param name="upstream">The change as upstream made it.</param>
    /// <param name="here">The same change as it is in the release.</param>
    public static MovedHunks Of(PatchText upstream, PatchText here)
    {
        var moved = new List<HunkOffset>();
        var others = new List<string>();
        var made = here.Files.GroupBy(x => x.Name).ToDictionary(x => x.Key, x => x.First(), StringComparer.Ordinal);
        foreach (var file in upstream.Files)
        {
            if (!made.Remove(file.Name, out var same) || !AreAlike(file, same)) others.Add(file.Name);
            else
                moved.AddRange(file.Hunks.Zip(same.Hunks).Where(x => x.First.OldStart != x.Second.OldStart)
                    .Select(x => new HunkOffset(file.Name, x.First.Number, x.Second.OldStart - x.First.OldStart)));
        }

        return new MovedHunks(moved, [.. others, .. made.Keys]);
    }

    static bool AreAlike(PatchedFile a, PatchedFile b) =>
        a.Mode == b.Mode && a.IsBinary == b.IsBinary && a.Hunks.Count == b.Hunks.Count
        && (!a.IsBinary || (a.OldBlob == b.OldBlob && a.NewBlob == b.NewBlob))
        && a.Hunks.Zip(b.Hunks).All(x => x.First.Old.SequenceEqual(x.Second.Old)
            && x.First.New.SequenceEqual(x.Second.New));
}
