using System.Text.RegularExpressions;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>Reads what <c>git apply --verbose</c> says on standard error.</summary>
static partial class ApplyReport
{
    const string Error = "error: ";

    /// <summary>
    /// For each patch that applies, in the order given, its hunks that were found elsewhere. Git names the files of a
    /// patch as it checks them, and then again as it applies them; the patches after one that fails are not tried.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<HunkOffset>> Applied(string text)
    {
        var patches = new List<IReadOnlyList<HunkOffset>>();
        var offsets = new List<HunkOffset>();
        var (file, isApplied) = ("", false);
        foreach (var line in text.Split('\n'))
        {
            if (Checking().Match(line) is { Success: true } x)
            {
                // Of a rename, the new name.
                file = x.Groups["file"].Value.Split(" => ")[^1];
                if (isApplied) offsets = [];
                isApplied = false;
            }
            else if (Offset().Match(line) is { Success: true } y)
                offsets.Add(new HunkOffset(file, Number(y, "hunk"), Number(y, "lines")));
            else if (!isApplied && Cleanly().IsMatch(line))
            {
                patches.Add(offsets);
                isApplied = true;
            }
        }

        return patches;
    }

    /// <summary>Whether a patch applies, and every hunk at the very lines that it says.</summary>
    public static bool IsExact(CommandResult result) =>
        result.Succeeded && !result.Error.Contains("(offset ", StringComparison.Ordinal);

    /// <summary>Why git does not even look at the contents of files, such as <c>invalid path '../x'</c>.</summary>
    public static string Reason(string text) =>
        (text.Split('\n').FirstOrDefault(x => x.StartsWith(Error, StringComparison.Ordinal)) is { } error
            ? error[Error.Length..]
            : text.Trim().Split('\n')[^1])
            .Replace(" in working directory", " in the source", StringComparison.Ordinal)
            .Replace(" in index", " in the source", StringComparison.Ordinal);

    static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, out var number) ? number : 0;

    [GeneratedRegex(@"^Checking patch (?<file>.+)\.\.\.$")]
    private static partial Regex Checking();

    [GeneratedRegex(@"^Applied patch .+ cleanly\.$")]
    private static partial Regex Cleanly();

    [GeneratedRegex(@"^Hunk #(?<hunk>\d+) succeeded at \d+ \(offset (?<lines>-?\d+) lines?\)\.$")]
    private static partial Regex Offset();
}
