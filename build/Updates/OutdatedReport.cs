using System.Text;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Updates;

/// <summary>Everything that was compared with upstream, for a terminal, a program or a web page.</summary>
public sealed record OutdatedReport(IReadOnlyList<Finding> Findings)
{
    /// <summary>Number of findings by state, of states that occur.</summary>
    public IReadOnlyDictionary<FindingState, int> Counts =>
        Findings.GroupBy(x => x.State).OrderBy(x => x.Key).ToDictionary(x => x.Key, x => x.Count());

    /// <summary><c>24 up to date, 2 outdated</c>.</summary>
    public string Summary() => Counts.Count == 0
        ? "nothing was looked at"
        : string.Join(", ", Counts.Select(x => $"{x.Value} {FindingWords.Of(x.Key)}"));

    /// <summary>A line for everything that is not up to date, and a summary.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var line in Notable.Count == 0 ? [] : TableOf(Notable).Lines) text.Append($"{line}\n");
        return text.Append($"{(Notable.Count == 0 ? "" : "\n")}{Summary()}\n").ToString();
    }

    /// <summary>The same for a page that shows Markdown, and what is up to date below it.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder($"### Outdated\n\n{Summary()}\n");
        if (Notable.Count > 0) text.Append($"\n{TableOf(Notable).Markdown}");
        var rest = Findings.Except(Notable).ToList();
        if (rest.Count > 0)
            text.Append($"\n<details><summary>{rest.Count} up to date</summary>\n\n"
                + $"{TableOf(rest).Markdown}\n</details>\n");
        return text.ToString();
    }

    /// <summary>Writes <c>outdated.json</c> and <c>outdated.md</c>.</summary>
    public void Write(AbsolutePath directory)
    {
        AtomicFile.WriteText(directory / "outdated.json",
            JsonSerializer.Serialize(this, UpdatesJson.Readable.OutdatedReport) + "\n");
        AtomicFile.WriteText(directory / "outdated.md", ToMarkdown());
    }

    List<Finding> Notable => [.. Findings.Where(x => x.State is not (FindingState.Current or FindingState.Held))];

    static TextTable TableOf(IEnumerable<Finding> findings) =>
        new(["what", "release", "name", "current", "newest", "state", "detail"], [.. findings.Select(x => (string[])
            [FindingWords.Of(x.Subject), x.Release ?? "all", x.Name, x.Current, x.Newest ?? "-",
                FindingWords.Of(x.State), x.Detail.Length == 0 ? "-" : x.Detail])]);
}
