namespace OpenStack.Diagnostics;

/// <summary>Near misses: what a misspelt name was probably meant to be.</summary>
public static class Suggest
{
    /// <summary>The candidates nearest to <paramref name="word"/>, best first; none when nothing is near.</summary>
    public static IReadOnlyList<string> Nearest(string word, IEnumerable<string> candidates, int most = 3)
    {
        var limit = Math.Max(1, word.Length / 3);
        return [.. candidates
            .Distinct(StringComparer.Ordinal)
            .Where(x => Math.Abs(x.Length - word.Length) <= limit)
            .Select(x => (Name: x, Distance: Distance(word.ToLowerInvariant(), x.ToLowerInvariant())))
            .Where(x => x.Distance <= limit)
            .OrderBy(x => x.Distance).ThenBy(x => x.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(x => x.Name)];
    }

    /// <summary><c>Did you mean 'a' or 'b'?</c>, or <paramref name="otherwise"/> when nothing is near.</summary>
    public static string? DidYouMean(string word, IEnumerable<string> candidates, string? otherwise = null)
    {
        var nearest = Nearest(word, candidates);
        return nearest.Count == 0 ? otherwise : $"Did you mean {string.Join(" or ", nearest.Select(x => $"'{x}'"))}?";
    }

    /// <summary>Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours.</summary>
    static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
