namespace OpenStack.Diagnostics;

/// <summary>Near misses: what a misspelt name was probably meant to be.</summary>
public static class Suggest
{
    /// <summary>The candidates nearest to <paramref name="word"/>, best first; none when nothing is near.</summary>
    /// <param name="within">Most edits between the two; a third of the word's length where it is not given.</param>
    public static IReadOnlyList<string> Nearest(string word, IEnumerable<string> candidates, int most = 3,
        int? within = null)
    {
        var limit = within ?? Math.Max(1, word.Length / 3);
        var lower = word.ToLowerInvariant();
        return [.. candidates
            .Distinct(StringComparer.Ordinal)
            .Where(x => Math.Abs(x.Length - word.Length) <= limit)
            .Select(x => (Name: x, Distance: Distance(lower, x.ToLowerInvariant(), limit)))
            .Where(x => x.Distance <= limit)
            .OrderBy(x => x.Distance).ThenBy(x => x.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(x => x.Name)];
    }

    /// <summary><c>Did you mean 'a' or 'b'?</c>, or <paramref name="otherwise"/> when nothing is near.</summary>
    public static string? DidYouMean(string word, IEnumerable<string> candidates, string? otherwise = null,
        int? within = null)
    {
        var nearest = Nearest(word, candidates, within: within);
        return nearest.Count == 0 ? otherwise : $"Did you mean {string.Join(" or ", nearest.Select(x => $"'{x}'"))}?";
    }

    /// <summary>
    /// Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours; anything above
    /// <paramref name="limit"/> once it is exceeded.
    /// </summary>
    static int Distance(string a, string b, int limit)
    {
        var (older, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var least = row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], older[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }

            // A swap reaches back two rows, and adds one.
            if (least > limit + 1) return least;
            (older, last, row) = (last, row, older);
        }

        return last[b.Length];
    }
}
