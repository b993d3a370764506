namespace OpenStack.Sources;

/// <summary>What a patch does to one file.</summary>
/// <param name="Line">Line of the patch, from 1, on which it begins.</param>
/// <param name="OldName">Path in the source tree; null for a file that the patch makes.</param>
/// <param name="NewName">Path in the patched tree; null for a file that the patch deletes.</param>
/// <param name="HasPrefix">
/// Whether the paths have a directory before them that <c>git apply</c> takes away, as in <c>a/setup.cfg</c>.
/// </param>
/// <param name="Mode">Of the patched file, or of one that the patch deletes, as git writes it (<c>100644</c>); null
/// where the patch does not say.</param>
/// <param name="OldBlob">Id of the contents before, perhaps abbreviated; null where the patch does not say.</param>
/// <param name="NewBlob">Id of the contents after.</param>
/// <param name="IsBinary">Whether its contents are not changed by hunks.</param>
sealed record PatchedFile(
    int Line, string? OldName, string? NewName, bool HasPrefix, string? Mode, string? OldBlob, string? NewBlob,
    bool IsBinary, IReadOnlyList<Hunk> Hunks)
{
    public string Name => NewName ?? OldName ?? "";

    public IEnumerable<string> Names => new[] { OldName, NewName }.OfType<string>().Distinct(StringComparer.Ordinal);

    public bool IsSymbolicLink => Mode == "120000";

    /// <summary>A name that is not UTF-8, as git quotes it; null where there is none.</summary>
    public string? UnreadableName { get; init; }

    /// <summary>Whether the patch says that contents change, and does not say how.</summary>
    public bool LacksContents { get; init; }

    /// <summary>Whether there is a header and nothing that it is the header of.</summary>
    public bool ChangesNothing { get; init; }

    /// <summary>Whether it is the commit of a submodule that is changed.</summary>
    public bool IsSubmodule => Mode == "160000" || Hunks.Any(x => x.Old.Concat(x.New).Any(IsCommitOfSubmodule));

    /// <summary>What git writes for the contents of a submodule.</summary>
    static bool IsCommitOfSubmodule(string line)
    {
        const string Commit = "Subproject commit ";
        return line.StartsWith(Commit, StringComparison.Ordinal) && line.Trim().Length - Commit.Length is 40 or 64;
    }
}

/// <summary>
/// Lines that stand in for others. Each keeps its line end, so that a last line without one differs from one with it.
/// </summary>
/// <param name="Number">Among those of the file, from 1.</param>
/// <param name="Line">Line of its header in the patch, from 1.</param>
/// <param name="OldStart">Line of the source, from 1, at which the patch expects it; 0 for an empty file.</param>
/// <param name="Trailing">Number of unchanged lines at its end; without any it has to be the end of the file.</param>
/// <param name="IsWhole">Whether it has as many lines as its header says.</param>
sealed record Hunk(int Number, int Line, int OldStart, IReadOnlyList<string> Old, IReadOnlyList<string> New,
    int Trailing, bool IsWhole);
