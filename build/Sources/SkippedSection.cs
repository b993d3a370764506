using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>
/// A part of a patch that is meant to change something, in a form that <c>git apply</c> takes for text between patches.
/// </summary>
/// <param name="Line">Line of the patch, from 1, on which it begins.</param>
/// <param name="What">A part of a sentence.</param>
sealed partial record SkippedSection(int Line, string What)
{
    /// <summary>
    /// The section that begins at a line outside of those that git knows; null where that is only text.
    /// </summary>
    /// <param name="isMessage">Whether that may well be a message, in which somebody writes of binary files.</param>
    public static SkippedSection? At(IReadOnlyList<string> lines, int index, bool isMessage)
    {
        string After(int distance) => index + distance < lines.Count ? lines[index + distance] : "";
        var line = lines[index].TrimEnd('\r');
        var what = Changed(line, After(1), After(2)) ?? (isMessage ? null : Left(line))
            ?? (Editor().IsMatch(line) && EndsWithPoint(lines, index) ? "lines are changed by an ed script" : null);
        return what is null ? null : new SkippedSection(0, PatchText.Utf8(what));
    }

    static string? Changed(string line, string next, string afterNext)
    {
        string? Name(Regex regex) => regex.Match(line) is { Success: true } x ? x.Groups["name"].Value : null;
        if (Name(Combined()) is { } combined) return $"{combined} is changed by a combined diff, as a merge has it";
        if (Name(Old()) is { } old && next.StartsWith("--- ", StringComparison.Ordinal)
            && afterNext.StartsWith("***************", StringComparison.Ordinal))
            return $"{old} is changed by a context diff";
        var isCommand = Command().IsMatch(line) && next is ['<' or '>', ' ', ..];
        return isCommand ? "lines are changed by a diff without context" : null;
    }

    /// <summary>Whether there are lines to insert below a command of ed, which end with one that is a point.</summary>
    static bool EndsWithPoint(IReadOnlyList<string> lines, int index)
    {
        for (var i = index + 1; i < lines.Count && !lines[i].StartsWith("diff ", StringComparison.Ordinal); i++)
            if (lines[i].TrimEnd('\r') == ".") return true;
        return false;
    }

    static string? Left(string line)
    {
        if (Properties().Match(line) is { Success: true } of)
            return $"properties of {of.Groups["name"].Value} are changed, which Subversion alone has";
        if (Binary().Match(line) is { Success: true } binary)
            return $"{binary.Groups["name"].Value} is a binary file, whose contents are left out";
        return Alone().Match(line) is { Success: true } alone
            ? $"{alone.Groups["name"].Value} is in one directory only, and left out"
            : null;
    }

    /// <summary>Of <c>git diff</c> and <c>git show</c>.</summary>
    [GeneratedRegex("^diff --(cc|combined) (?<name>.+)$")]
    private static partial Regex Combined();

    /// <summary>Of <c>diff -c</c>.</summary>
    [GeneratedRegex(@"^\*\*\* (?<name>[^\t]+)")]
    private static partial Regex Old();

    /// <summary>Of <c>diff</c> alone.</summary>
    [GeneratedRegex("^[0-9]+(,[0-9]+)?[acd][0-9]+(,[0-9]+)?$")]
    private static partial Regex Command();

    /// <summary>Of <c>diff -e</c>: what it deletes alone has nothing to tell it from text.</summary>
    [GeneratedRegex("^[0-9]+(,[0-9]+)?[ac]$")]
    private static partial Regex Editor();

    /// <summary>Of <c>svn diff</c>.</summary>
    [GeneratedRegex("^Property changes on: (?<name>.+)$")]
    private static partial Regex Properties();

    /// <summary>Of <c>diff</c> and, without <c>--binary</c>, <c>git diff</c>.</summary>
    [GeneratedRegex("^Binary files (?<old>.+) and (?<name>.+) differ$")]
    private static partial Regex Binary();

    /// <summary>Of <c>diff -r</c> without <c>-N</c>. A message may have a sentence that begins so.</summary>
    [GeneratedRegex("^Only in (?<directory>[^ :]+): (?<name>[^ ]+)$")]
    private static partial Regex Alone();
}
