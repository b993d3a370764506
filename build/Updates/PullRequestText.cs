using System.Text;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>The description of an update's pull request, in Markdown.</summary>
static class PullRequestText
{
    /// <summary>GitHub refuses more than 65536 characters.</summary>
    const int Longest = 60_000;

    const int MostCommits = 200;
    const int MostPins = 700;

    /// <summary>All of an update, for somebody who only wants to see it.</summary>
    /// <param name="body">The text of its pull request.</param>
    public static string Shown(UpdateDraft update, string body)
    {
        var files = update.Files.Select(x => $"{(x.Value is null ? "D" : "M")} {x.Key}\n");
        return $"{update.Branch}{(update.IsBroken ? " (draft)" : "")}\n\n{update.Message}\n"
            + $"{string.Concat(files)}\n{body}";
    }

    /// <summary>Ends with a line feed; the same for the same update.</summary>
    public static string Of(UpdateDraft update)
    {
        var text = new StringBuilder($"{update.What}\n");
        if (update.IsBroken) text.Append("\n**This does not work as it is:** see below what has to be done first.\n");
        text.Append(update.Details);
        AppendSecurity(text, update.Changes);
        AppendPatches(text, update);
        AppendConstraints(text, update);
        AppendCommits(text, update.Changes);
        // Half of a line, a table or a block would break what follows it.
        var result = text.Length <= Longest
            ? text.ToString()
            : text.ToString(0, text.ToString(0, Longest).LastIndexOf("\n#", StringComparison.Ordinal))
                + "\n\nThe rest is too long for this page.\n";
        return result + "\n---\nMade by `./build.sh Update`. It keeps this up to date until somebody else "
            + "commits to the branch.\n";
    }

    static void AppendSecurity(StringBuilder text, UpstreamChanges? changes)
    {
        if (changes is null || changes.Vulnerabilities.Count + changes.Bugs.Count == 0) return;
        text.Append("\n### Security and bugs\n\n");
        foreach (var id in changes.Vulnerabilities)
            text.Append(id.StartsWith("CVE", StringComparison.Ordinal)
                ? $"- [{id}](https://www.cve.org/CVERecord?id={id})\n"
                : $"- [{id}](https://security.openstack.org/ossa/{id}.html)\n");
        if (changes.Bugs.Count > 0)
            text.Append("- Closed: "
                + $"{string.Join(", ", changes.Bugs.Select(x => $"[LP#{x}](https://bugs.launchpad.net/bugs/{x})"))}\n");
    }

    static void AppendPatches(StringBuilder text, UpdateDraft update)
    {
        if (update.Patches is not { Patches.Count: > 0 } series) return;
        text.Append($"\n### Patches\n\n{new PatchReport([series]).Summary()}\n"
            + $"{(update.Upstreamed.Count + update.Conflicting.Count > 0 ? "\n" : "")}");
        foreach (var patch in update.Upstreamed)
            text.Append($"- `{patch.Name}` is upstream, and removed here: "
                + $"{TextTable.Escape(PatchWords.Detail(patch))}\n");
        foreach (var patch in update.Conflicting)
        {
            text.Append($"- `{patch.Name}` {PatchWords.Of(patch.State)}: {TextTable.Escape(PatchWords.Detail(patch))}. "
                + $"{TextTable.Escape(PatchWords.Remedy(series, patch))}.\n");
            if (PatchWords.Differences(patch).ToList() is { Count: > 0 } lines)
                text.Append($"\n{PatchReport.Fenced(lines)}\n");
        }
    }

    static void AppendConstraints(StringBuilder text, UpdateDraft update)
    {
        if (update.Problems.Count > 0)
            text.Append("\n### Overrides\n\n"
                + $"{string.Concat(update.Problems.Select(x => $"- {TextTable.Escape(x.ToString())}\n"))}");
        var unchanged = update.Constraints?.Changes.Where(x => x.Kind == ConstraintChangeKind.Unchanged).ToList() ?? [];
        if (update.Problems.Count == 0 && unchanged.Count > 0) text.Append("\n### Overrides\n\n");
        foreach (var change in unchanged)
        {
            var line = $"{change.File}:{change.Line}: {change.Name} {change.To} is what the upper constraints say now: "
                + "the line can go";
            text.Append($"- {TextTable.Escape(line)}\n");
        }

        if (update.Pins.Count == 0) return;
        text.Append("\n### Pins\n\n");
        text.Append(new TextTable(["name", "from", "to", "overridden"],
            [.. update.Pins.OrderByDescending(x => x.IsOverridden)
                .Take(MostPins)
                .Select(x => (string[])[x.Name, x.From ?? "-", x.To ?? "-", x.IsOverridden ? "yes" : ""])]).Markdown);
    }

    static void AppendCommits(StringBuilder text, UpstreamChanges? changes)
    {
        if (changes is null) return;
        text.Append($"\n### {changes.Commits.Count} {(changes.Commits.Count == 1 ? "commit" : "commits")}\n\n");
        foreach (var x in changes.Commits.Take(MostCommits))
            text.Append($"- `{x.Commit[..10]}` {TextTable.Escape(x.Subject)}\n");
        if (changes.Commits.Count > MostCommits) text.Append($"- and {changes.Commits.Count - MostCommits} more\n");
    }
}
