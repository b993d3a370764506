namespace Nuke.Common.IO;

/// <summary>A pattern of paths, matched one name at a time so that directories which cannot match are not read.</summary>
sealed class Glob(string pattern, bool ignoresCase)
{
    readonly string[] segments = pattern.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<AbsolutePath> Find(AbsolutePath directory, bool directories) =>
        Directory.Exists(directory) ? Find(directory, 0, directories).Distinct().Select(AbsolutePath.Create) : [];

    IEnumerable<string> Find(string directory, int index, bool directories)
    {
        var segment = segments[index];
        var isLast = index == segments.Length - 1;
        if (segment == "**")
        {
            // Nothing in its place, or any directory before it once more.
            var here = !isLast ? Find(directory, index + 1, directories)
                : directories ? [directory]
                : Directory.EnumerateFiles(directory);
            return here.Concat(Directory.EnumerateDirectories(directory).Where(x => !IsLink(x)).SelectMany(x => Find(x, index, directories)));
        }

        if (!isLast)
            return Matching(Directory.EnumerateDirectories(directory), segment).SelectMany(x => Find(x, index + 1, directories));
        return Matching(directories ? Directory.EnumerateDirectories(directory) : Directory.EnumerateFiles(directory), segment);
    }

    IEnumerable<string> Matching(IEnumerable<string> paths, string segment) => paths.Where(x => Matches(Path.GetFileName(x), segment));

    static bool IsLink(string directory) => (File.GetAttributes(directory) & FileAttributes.ReparsePoint) != 0;

    bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty)
            return name.IsEmpty;
        switch (segment[0])
        {
            case '*':
                for (var i = 0; i <= name.Length; i++)
                {
                    if (Matches(name[i..], segment[1..]))
                        return true;
                }

                return false;
            case '?':
                return !name.IsEmpty && Matches(name[1..], segment[1..]);
            case '[' when segment.IndexOf(']') is > 1 and var end:
                return !name.IsEmpty && IsIn(name[0], segment[1..end]) && Matches(name[1..], segment[(end + 1)..]);
            case '{' when segment.IndexOf('}') is > 0 and var end:
                foreach (var choice in segment[1..end].ToString().Split(','))
                {
                    if (Matches(name, string.Concat(choice, segment[(end + 1)..])))
                        return true;
                }

                return false;
            default:
                return !name.IsEmpty && AreSame(name[0], segment[0]) && Matches(name[1..], segment[1..]);
        }
    }

    bool IsIn(char character, ReadOnlySpan<char> set)
    {
        var isNegated = set[0] == '!';
        if (isNegated)
            set = set[1..];
        for (var i = 0; i < set.Length; i++)
        {
            var isRange = i + 2 < set.Length && set[i + 1] == '-';
            if (isRange ? character >= set[i] && character <= set[i + 2] : AreSame(character, set[i]))
                return !isNegated;
            i += isRange ? 2 : 0;
        }

        return isNegated;
    }

    bool AreSame(char left, char right) => left == right || (ignoresCase && char.ToUpperInvariant(left) == char.ToUpperInvariant(right));
}
