namespace OpenStack.Packages;

/// <summary>The order that dpkg puts versions of Debian packages in (Debian Policy 5.6.12).</summary>
public static class DebianVersion
{
    /// <returns>Below, at or above zero, as the first is before, the same as or after the second.</returns>
    public static int Compare(string a, string b)
    {
        var (x, y) = (Parts(a), Parts(b));
        var epochs = CompareParts(x.Epoch, y.Epoch);
        if (epochs != 0) return epochs;
        var upstream = CompareParts(x.Upstream, y.Upstream);
        return upstream != 0 ? upstream : CompareParts(x.Revision, y.Revision);
    }

    static (string Epoch, string Upstream, string Revision) Parts(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (epoch, rest) = colon < 0 ? ("0", text) : (text[..colon], text[(colon + 1)..]);
        var dash = rest.LastIndexOf('-');
        return dash < 0 ? (epoch, rest, "") : (epoch, rest[..dash], rest[(dash + 1)..]);
    }

    /// <summary>Words and numbers by turns, the words first.</summary>
    static int CompareParts(string a, string b)
    {
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            while (IsWord(a, i) || IsWord(b, j))
            {
                var order = Weight(a, i).CompareTo(Weight(b, j));
                if (order != 0) return order;
                (i, j) = (i + 1, j + 1);
            }

            var (x, y) = (Number(a, ref i), Number(b, ref j));
            var numbers = x.Length != y.Length ? x.Length - y.Length : string.CompareOrdinal(x, y);
            if (numbers != 0) return numbers;
        }

        return 0;
    }

    static bool IsWord(string text, int at) => at < text.Length && !char.IsAsciiDigit(text[at]);

    /// <summary>A tilde is before the end, letters are before everything else.</summary>
    static int Weight(string text, int at) => at >= text.Length || char.IsAsciiDigit(text[at]) ? 0
        : text[at] == '~' ? -1 : char.IsAsciiLetter(text[at]) ? text[at] : text[at] + 256;

    static string Number(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text[start..at].TrimStart('0');
    }
}
