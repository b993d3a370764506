using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>Why a hunk, or with <paramref name="Hunk"/> 0 a whole file, does not apply.</summary>
/// <param name="SourceLine">Line of the source at which the patch expects the hunk.</param>
sealed record ApplyFailure(string File, int Hunk, int SourceLine, string Reason);

/// <summary>Reads what <c>git apply --verbose</c>, with or without <c>--reject</c>, says on standard error.</summary>
static partial class ApplyReport
{
    const string Error = "error: ";

    /// <summary>Hunks that were found elsewhere.</summary>
    public static IReadOnlyList<HunkOffset> Offsets(string text)
    {
        var offsets = new List<HunkOffset>();
        var file = "";
        foreach (var line in text.Split('\n'))
        {
            if (CheckedFile(line) is { } name) file = name;
            else if (Offset().Match(line) is { Success: true } x) offsets.Add(new HunkOffset(file, Number(x, "hunk"), Number(x, "lines")));
        }

        return offsets;
    }

    /// <summary>
    /// Failed hunks and files, in the order of the patch. Git names the lines it searched for when it checks, and the numbers of
    /// the rejected hunks only when it applies the rest.
    /// </summary>
    public static IReadOnlyList<ApplyFailure> Failures(string text)
    {
        var failures = new List<ApplyFailure>();
        var searched = new Dictionary<string, Queue<(int Line, string First)>>(StringComparer.Ordinal);
        var lines = text.Split('\n');
        var (file, wanted) = ("", "");
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line == "error: while searching for:") wanted = SearchedFor(lines, ref i);
            else if (CheckedFile(line) is { } name) file = name;
            else if (Failed().Match(line) is { Success: true } x)
            {
                if (!searched.TryGetValue(x.Groups["file"].Value, out var queue)) searched[x.Groups["file"].Value] = queue = new();
                queue.Enqueue((Number(x, "line"), wanted));
            }
            else if (line.StartsWith(Error, StringComparison.Ordinal)) failures.Add(new ApplyFailure(file, 0, 0, Reason(line[Error.Length..], file)));
            else if (Applying().Match(line) is { Success: true } y) file = y.Groups["file"].Value;
            else if (Rejected().Match(line) is { Success: true } z)
            {
                var (at, first) = searched.TryGetValue(file, out var queue) && queue.TryDequeue(out var next) ? next : default;
                var reason = string.IsNullOrEmpty(first) ? "the source differs" : $"the source has no lines like '{first}' there";
                failures.Add(new ApplyFailure(file, Number(z, "hunk"), at, reason));
            }
        }

        return failures;
    }

    /// <summary>The first line of substance that git did not find; the block ends at an empty line before the next message.</summary>
    static string SearchedFor(string[] lines, ref int i)
    {
        var first = "";
        while (i + 1 < lines.Length && !Failed().IsMatch(lines[i + 1]))
        {
            i++;
            if (first.Length == 0) first = lines[i].Trim();
        }

        return first;
    }

    static string Reason(string said, string file) =>
        (said.StartsWith(file + ": ", StringComparison.Ordinal) ? said[(file.Length + 2)..] : said)
            .Replace("in working directory", "in the source", StringComparison.Ordinal);

    static int Number(Match match, string group) => int.Parse(match.Groups[group].Value);

    /// <summary>Of a rename, the new name.</summary>
    static string? CheckedFile(string line) => Checking().Match(line) is { Success: true } x ? x.Groups["file"].Value.Split(" => ")[^1] : null;

    [GeneratedRegex(@"^Checking patch (?<file>.+)\.\.\.$")]
    private static partial Regex Checking();

    [GeneratedRegex(@"^Applying patch (?<file>.+) with \d+ rejects?\.\.\.$")]
    private static partial Regex Applying();

    [GeneratedRegex(@"^error: patch failed: (?<file>.+):(?<line>\d+)$")]
    private static partial Regex Failed();

    [GeneratedRegex(@"^Rejected hunk #(?<hunk>\d+)\.$")]
    private static partial Regex Rejected();

    [GeneratedRegex(@"^Hunk #(?<hunk>\d+) succeeded at \d+ \(offset (?<lines>-?\d+) lines?\)\.$")]
    private static partial Regex Offset();
}
