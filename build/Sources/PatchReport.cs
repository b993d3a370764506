using System.Text;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>What becomes of all patches that were asked about, for a terminal, a program or a web page.</summary>
public sealed record PatchReport(IReadOnlyList<SeriesVerdict> Series)
{
    /// <summary>Number of patches by state, of states that occur.</summary>
    public IReadOnlyDictionary<PatchState, int> Counts =>
        Series.SelectMany(x => x.Patches)
            .GroupBy(x => x.State)
            .OrderBy(x => x.Key)
            .ToDictionary(x => x.Key, x => x.Count());

    /// <summary><c>3 patches: 2 apply, 1 conflicts</c>.</summary>
    public string Summary()
    {
        var all = Counts.Values.Sum();
        return all == 0
            ? "no patches"
            : $"{all} {(all == 1 ? "patch" : "patches")}: "
                + $"{string.Join(", ", Counts.Select(x => $"{x.Value} {PatchWords.Of(x.Key)}"))}";
    }

    /// <summary>A line for each patch, and below them the lines that source and patches differ in.</summary>
    public string ToText()
    {
        if (Counts.Count == 0) return $"{Summary()}\n";
        var text = new StringBuilder();
        foreach (var line in Table.Lines) text.Append($"{line}\n");
        foreach (var (file, verdict) in Conflicting())
        {
            text.Append($"\n{file}\n");
            foreach (var line in PatchWords.Differences(verdict)) text.Append($"  {line}\n");
        }

        return text.Append($"\n{Summary()}\n").ToString();
    }

    /// <summary>The same for a page that shows Markdown, such as the summary of a CI job.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder($"### Patches\n\n{Summary()}\n");
        if (Counts.Count > 0) text.Append($"\n{Table.Markdown}");
        foreach (var (file, verdict) in Conflicting())
        {
            text.Append($"\n{TextTable.Escape(file)}\n\n{Fenced([.. PatchWords.Differences(verdict)])}\n");
        }

        return text.ToString();
    }

    /// <summary>
    /// Differences as a block of Markdown, without a final newline: its fence is longer than any in the lines that it
    /// encloses.
    /// </summary>
    internal static string Fenced(IReadOnlyList<string> lines)
    {
        var fence = new string('`', lines.Max(LongestFence) + 1);
        return $"{fence}diff\n{string.Join('\n', lines)}\n{fence}";
    }

    /// <summary>Writes <c>patches.json</c> and <c>patches.md</c>.</summary>
    public void Write(AbsolutePath directory)
    {
        AtomicFile.WriteText(directory / "patches.json",
            JsonSerializer.Serialize(this, SourcesJson.Readable.PatchReport) + "\n");
        AtomicFile.WriteText(directory / "patches.md", ToMarkdown());
    }

    TextTable Table => new(["component", "release", "patch", "state", "detail"], [.. Series.SelectMany(
        x => x.Patches, (series, x) =>
            (string[])[series.Component, series.Release, x.Title, PatchWords.Of(x.State), PatchWords.Detail(x)])]);

    IEnumerable<(string File, PatchVerdict Verdict)> Conflicting() => Series.SelectMany(
        x => x.Patches.Where(y => y.Conflicts.Any(z => z.Expected.Count > 0)), (series, x) => (series.LabelOf(x), x));

    static int LongestFence(string line) =>
        Math.Max(2, line.Split(line.Where(x => x != '`').Distinct().ToArray()).Max(x => x.Length));
}
