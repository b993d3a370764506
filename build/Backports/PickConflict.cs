namespace OpenStack.Backports;

/// <summary>Where a change and a release part.</summary>
/// <param name="File">File of the release.</param>
/// <param name="Line">Line of the merged file at which it begins, from 1; 0 for the whole file.</param>
/// <param name="Reason">A part of a sentence.</param>
/// <param name="Ours">Lines of the release.</param>
/// <param name="Theirs">Lines of the change.</param>
sealed record PickConflict(string File, int Line, string Reason, IReadOnlyList<string> Ours,
    IReadOnlyList<string> Theirs)
{
    const string Begin = "<<<<<<< ";
    const string Middle = "=======";
    const string End = ">>>>>>> ";

    /// <summary>The conflicts that git marked in a file.</summary>
    /// <param name="text">Contents as merged.</param>
    public static IEnumerable<PickConflict> In(string file, string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Begin, StringComparison.Ordinal)) continue;
            var middle = Array.FindIndex(lines, i, x => x.TrimEnd('\r') == Middle);
            var end = Array.FindIndex(lines, i, x => x.StartsWith(End, StringComparison.Ordinal));
            if (middle < 0 || end < middle) yield break;
            string[] ours = lines[(i + 1)..middle], theirs = lines[(middle + 1)..end];
            yield return new PickConflict(file, i + 1, $"the release has {First(ours, theirs)}, the change "
                + First(theirs, ours), ours, theirs);
            i = end;
        }
    }

    /// <summary>Line, from 1, of the first mark of a conflict that is left; 0 where none is.</summary>
    public static int MarkIn(string text) => Array.FindIndex(text.Split('\n'),
        x => x.StartsWith(Begin, StringComparison.Ordinal) || x.StartsWith(End, StringComparison.Ordinal)) + 1;

    /// <summary>The first line that the other side does not have in its place.</summary>
    static string First(string[] lines, string[] others) =>
        lines.Where((x, i) => i >= others.Length || others[i] != x).FirstOrDefault() is { } line
            ? $"'{line.Trim()}'" : "nothing there";

    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Reason}" : $"{File}: {Reason}";
}
