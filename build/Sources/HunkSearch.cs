namespace OpenStack.Sources;

/// <summary>
/// Finds the lines of a hunk in a file, as <c>git apply</c> does, and where there are none such, the lines most like
/// them.
/// </summary>
static class HunkSearch
{
    /// <summary>The lines of a text with their line ends.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var at ? at + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    /// <summary>
    /// Index of the first of <paramref name="lines"/> at which the old (or with <paramref name="reverse"/> the new)
    /// lines of a hunk stand; of several places the one nearest to where the patch expects it. Negative when there is
    /// none.
    /// </summary>
    public static int Find(IReadOnlyList<string> lines, Hunk hunk, bool reverse = false)
    {
        var block = reverse ? hunk.New : hunk.Old;
        var (expected, last) = (Math.Max(0, hunk.OldStart - 1), lines.Count - block.Count);
        // A hunk for the first line is searched there alone; one without unchanged lines at its end, at the end.
        if (hunk.OldStart <= 1)
            return last >= 0 && Stands(lines, block, 0) && (hunk.Trailing > 0 || last == 0) ? 0 : -1;
        if (hunk.Trailing == 0) return last >= 0 && Stands(lines, block, last) ? last : -1;
        return Near(expected, last).FirstOrDefault(x => Stands(lines, block, x), -1);
    }

    /// <summary>
    /// The place at which most of the old lines stand, blanks at their ends aside, and how many do; none of them may.
    /// </summary>
    public static (int At, int Same) Resembling(IReadOnlyList<string> lines, Hunk hunk)
    {
        var best = (At: Math.Clamp(hunk.OldStart - 1, 0, lines.Count), Same: 0);
        var (source, old) = (WithoutEnds(lines), WithoutEnds(hunk.Old));
        foreach (var at in Near(best.At, lines.Count - 1))
        {
            var same = Enumerable.Range(0, Math.Min(old.Count, source.Count - at))
                .Count(x => old[x].Length > 0 && source[at + x] == old[x]);
            if (same > best.Same) best = (at, same);
        }

        return best;
    }

    /// <summary>0 … <paramref name="last"/>, nearest first.</summary>
    static IEnumerable<int> Near(int expected, int last)
    {
        if (expected <= last) yield return expected;
        for (var distance = 1; distance <= Math.Max(expected, last); distance++)
        {
            if (expected + distance <= last) yield return expected + distance;
            if (expected - distance >= 0 && expected - distance <= last) yield return expected - distance;
        }
    }

    /// <summary>Whether the lines of the block stand one below the other, the first at <paramref name="at"/>.</summary>
    static bool Stands(IReadOnlyList<string> lines, IReadOnlyList<string> block, int at)
    {
        for (var i = 0; i < block.Count; i++)
        {
            if (at + i >= lines.Count || lines[at + i] != block[i]) return false;
        }

        return true;
    }

    static IReadOnlyList<string> WithoutEnds(IReadOnlyList<string> lines) => [.. lines.Select(x => x.TrimEnd())];
}
