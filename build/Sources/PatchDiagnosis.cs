using System.Text;

namespace OpenStack.Sources;

/// <summary>Why a patch that git refuses does not apply.</summary>
/// <param name="Conflicts">In the order of the patch. None where the reason is not in the contents of files.</param>
/// <param name="Fitting">Hunks and whole files that would apply.</param>
/// <param name="There">Those whose change is in the source already, as <c>hunk 2 of setup.cfg</c>.</param>
sealed record PatchDiagnosis(IReadOnlyList<PatchConflict> Conflicts, int Fitting, IReadOnlyList<string> There)
{
    const int MostLines = 6;

    /// <param name="read">Contents of a file of the source, one byte a character; null where there is none.</param>
    public static async Task<PatchDiagnosis> OfAsync(PatchText patch, Func<string, Task<string?>> read)
    {
        var diagnosis = new Draft();
        foreach (var file in patch.Files)
            diagnosis.Judge(file, file.OldName is null ? null : await read(file.OldName),
                file.NewName is null ? null : await read(file.NewName));
        return new PatchDiagnosis(diagnosis.Conflicts, diagnosis.Fitting, diagnosis.There);
    }

    sealed class Draft
    {
        public List<PatchConflict> Conflicts { get; } = [];

        public List<string> There { get; } = [];

        public int Fitting { get; private set; }

        public void Judge(PatchedFile file, string? before, string? after)
        {
            if (file.OldName is null) JudgeNew(file, after);
            else if (before is null && file.NewName is null) There.Add($"the removal of {file.Name}");
            // Renamed upstream as well.
            else if (before is null && file.NewName != file.OldName && after is not null) JudgeHunks(file, after);
            else if (before is null) Conflict(file, "the source has no such file");
            else if (file.NewName is not null && file.NewName != file.OldName && after is not null)
                Conflict(file, "the source has such a file already");
            else if (file.IsBinary) JudgeBinary(file, before);
            else JudgeHunks(file, before);
        }

        void JudgeNew(PatchedFile file, string? there)
        {
            if (there is null) Fitting++;
            else if (file.IsBinary
                ? IsBlob(there, file.NewBlob)
                : there == string.Concat(file.Hunks.SelectMany(x => x.New)))
                There.Add(file.Name);
            else Conflict(file, "the source has such a file already, with other contents");
        }

        void JudgeBinary(PatchedFile file, string source)
        {
            if (IsBlob(source, file.OldBlob)) Fitting++;
            else if (IsBlob(source, file.NewBlob)) There.Add(file.Name);
            else Conflict(file, "the binary file is not the one that the patch was made from");
        }

        void JudgeHunks(PatchedFile file, string source)
        {
            var lines = HunkSearch.Split(source);
            foreach (var hunk in file.Hunks)
            {
                if (HunkSearch.Find(lines, hunk) >= 0) Fitting++;
                else if (HunkSearch.Find(lines, hunk, reverse: true) >= 0)
                    There.Add($"hunk {hunk.Number} of {file.Name}");
                else Conflicts.Add(Explain(file, hunk, lines));
            }
        }

        void Conflict(PatchedFile file, string reason) =>
            Conflicts.Add(new PatchConflict(file.OldName ?? file.Name, 0, file.Line, 0, reason, [], []));
    }

    static PatchConflict Explain(PatchedFile file, Hunk hunk, IReadOnlyList<string> lines)
    {
        var (at, same) = HunkSearch.Resembling(lines, hunk);
        var first = Enumerable.Range(0, hunk.Old.Count)
            .FirstOrDefault(x => at + x >= lines.Count || lines[at + x] != hunk.Old[x]);
        var expected = hunk.Old.Skip(first).Take(MostLines).Select(Shown).ToList();
        var found = lines.Skip(at + first).Take(expected.Count).Select(Shown).ToList();
        // What the two have in common at the end says nothing.
        while (expected.Count > 1 && expected.Count == found.Count && expected[^1] == found[^1])
        {
            expected.RemoveAt(expected.Count - 1);
            found.RemoveAt(found.Count - 1);
        }

        var wanted = expected.FirstOrDefault(x => x.Length > 0) ?? "";
        var reason = expected.Count == 0 ? "the source differs"
            : same == 0 ? $"the source has no lines like '{wanted.Trim()}'"
            : found.Count == 0 ? $"the source ends before '{wanted.Trim()}'"
            : expected[0] == found[0] ? $"'{expected[0].Trim()}' has another line end, or none"
            : $"'{expected[0].Trim()}' is expected, the source has '{found[0].Trim()}'";
        return new PatchConflict(file.OldName ?? file.Name, hunk.Number, hunk.Line, at + first + 1,
            reason, expected, found);
    }

    static string Shown(string line) => PatchText.Utf8(line).TrimEnd('\r', '\n');

    /// <summary>Whether contents have this id, which may be abbreviated.</summary>
    static bool IsBlob(string contents, string? id) =>
        id is not null
        && BlobId.Of(Encoding.Latin1.GetBytes(contents), sha256: id.Length == 64)
            .StartsWith(id, StringComparison.Ordinal);
}
