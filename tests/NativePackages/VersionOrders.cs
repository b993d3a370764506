namespace OpenStack.Tests.NativePackages;

/// <summary>How rpm (<c>rpmio/rpmvercmp.c</c>) and apk (<c>src/version.c</c>, apk-tools 2) compare versions.</summary>
static class VersionOrders
{
    static readonly string[] s_before = ["alpha", "beta", "pre", "rc"];
    static readonly string[] s_after = ["cvs", "svn", "git", "hg", "p"];

    public static int Rpm(string a, string b)
    {
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            while (i < a.Length && IsSeparator(a[i])) i++;
            while (j < b.Length && IsSeparator(b[j])) j++;
            var (x, y) = (i < a.Length ? a[i] : '\0', j < b.Length ? b[j] : '\0');
            if (x == '~' || y == '~')
            {
                if (x != '~') return 1;
                if (y != '~') return -1;
                (i, j) = (i + 1, j + 1);
                continue;
            }

            if (x == '^' || y == '^')
            {
                if (x == '\0') return -1;
                if (y == '\0') return 1;
                if (x != '^') return 1;
                if (y != '^') return -1;
                (i, j) = (i + 1, j + 1);
                continue;
            }

            if (x == '\0' || y == '\0') break;
            var isNumber = char.IsAsciiDigit(x);
            var (first, second) = (Segment(a, ref i, isNumber), Segment(b, ref j, isNumber));
            // A number is newer than a word.
            if (second.Length == 0) return isNumber ? 1 : -1;
            if (isNumber)
            {
                (first, second) = (first.TrimStart('0'), second.TrimStart('0'));
                if (first.Length != second.Length) return first.Length.CompareTo(second.Length);
            }

            if (string.CompareOrdinal(first, second) is not 0 and var order) return order;
        }

        return (i < a.Length).CompareTo(j < b.Length);
    }

    static bool IsSeparator(char x) => !char.IsAsciiLetterOrDigit(x) && x is not ('~' or '^');

    static string Segment(string text, ref int at, bool isNumber)
    {
        var start = at;
        while (at < text.Length && (isNumber ? char.IsAsciiDigit(text[at]) : char.IsAsciiLetter(text[at]))) at++;
        return text[start..at];
    }

    enum Part { Invalid = -1, DigitOrZero, Digit, Letter, Suffix, SuffixNumber, Revision, End }

    public static int Apk(string a, string b)
    {
        var (left, right) = (new ApkReader(a), new ApkReader(b));
        var (x, y) = (0L, 0L);
        while (left.Part == right.Part && left.Part is not (Part.End or Part.Invalid) && x == y)
            (x, y) = (left.Next(), right.Next());
        if (x != y) return x.CompareTo(y);
        if (left.Part == right.Part) return 0;
        var (at, bt) = (left.Part, right.Part);
        if (at == Part.Suffix && left.Next() < 0) return -1;
        if (bt == Part.Suffix && right.Next() < 0) return 1;
        return at > bt ? -1 : 1;
    }

    public static bool IsApk(string version)
    {
        var reader = new ApkReader(version);
        while (reader.Part is not (Part.End or Part.Invalid)) reader.Next();
        return reader.Part == Part.End;
    }

    sealed class ApkReader(string text)
    {
        int _at;

        public Part Part { get; private set; } = Part.Digit;

        char? Current => _at < text.Length ? text[_at] : null;

        public long Next()
        {
            if (Current is null)
            {
                Part = Part.End;
                return 0;
            }

            var value = 0L;
            var next = Part.Invalid;
            switch (Part)
            {
                case Part.DigitOrZero when Current == '0':
                    for (; Current == '0'; _at++) value--;
                    next = Part.Digit;
                    break;
                case Part.Letter:
                    value = text[_at++];
                    break;
                case Part.Suffix:
                    value = Suffix();
                    break;
                default:
                    for (; Current is { } digit && char.IsAsciiDigit(digit); _at++) value = (value * 10) + digit - '0';
                    break;
            }

            if (Part == Part.Invalid) return value;
            if (Current is null) Part = Part.End;
            else if (next != Part.Invalid) Part = next;
            else MoveOn();
            return value;
        }

        long Suffix()
        {
            foreach (var (names, first) in new[] { (s_before, -s_before.Length), (s_after, 0) })
            {
                var index = Array.FindIndex(names, x => string.CompareOrdinal(text, _at, x, 0, x.Length) == 0);
                if (index < 0) continue;
                _at += names[index].Length;
                return first + index;
            }

            Part = Part.Invalid;
            return -1;
        }

        void MoveOn()
        {
            var next = Part.Invalid;
            if (Part is Part.Digit or Part.DigitOrZero && char.IsAsciiLetterLower(text[_at])) next = Part.Letter;
            else if (Part == Part.Letter && char.IsAsciiDigit(text[_at])) next = Part.Digit;
            else if (Part == Part.Suffix && char.IsAsciiDigit(text[_at])) next = Part.SuffixNumber;
            else
            {
                next = text[_at] switch
                {
                    '.' => Part.DigitOrZero,
                    '_' => Part.Suffix,
                    '-' when _at + 1 < text.Length && text[_at + 1] == 'r' => Part.Revision,
                    _ => Part.Invalid,
                };
                _at += next == Part.Revision ? 2 : 1;
            }

            if (next < Part && (next, Part) is not ((Part.DigitOrZero, Part.Digit) or (Part.Suffix, Part.SuffixNumber)
                or (Part.Digit, Part.Letter))) next = Part.Invalid;
            Part = next;
        }
    }
}
