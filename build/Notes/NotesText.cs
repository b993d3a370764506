using OpenStack.Diagnostics;
using OpenStack.Sbom;
using OpenStack.Updates;

namespace OpenStack.Notes;

/// <summary>Release notes for people: on a terminal, and in Markdown.</summary>
static class NotesText
{
    /// <summary>Of each component; the JSON has all.</summary>
    const int MostCommits = 100;

    /// <summary><c>3 commits in 2 components, 1 patch in, 1 out, 12 packages, +1.2 MB</c>.</summary>
    public static string Summary(ReleaseNotes notes)
    {
        var commits = notes.Sources.Sum(x => x.Commits?.Count ?? 0);
        int Of(PatchChange change) => notes.Patches.Count(x => x.Change == change);
        var unknown = notes.Sources.Count(x => x.NotKnown is not null);
        var packages = notes.Packages.SelectMany(x => x.Changes).Select(x => x.Component).Distinct().Count();
        return string.Join(", ", new[]
        {
            $"{Count(commits, "commit")} in {Count(notes.Sources.Count(x => x.Commits?.Count > 0), "component")}",
            unknown == 0 ? null : $"{unknown} not known",
            $"{Count(Of(PatchChange.Added), "patch")} in, {Of(PatchChange.Removed)} out",
            Of(PatchChange.Changed) is var changed and > 0 ? $"{changed} changed" : null,
            $"{Count(packages, "package")} changed",
            notes.Platforms is [{ FromSize: { } from, ToSize: { } to }, ..] ? Difference(to - from) : null,
        }.OfType<string>());
    }

    public static string Markdown(ReleaseNotes notes) =>
        $"## Release notes\n\nFrom `{notes.From}` to `{notes.To}`: {Summary(notes)}.\n"
        + string.Concat(Conclusions(notes).Select((x, i) => $"{(i == 0 ? "\n" : "")}- {TextTable.Escape(x)}\n"))
        + string.Concat(Sections(notes).Select(x => $"\n### {TextTable.Escape(x.Title)}\n"
            + (x.Table is { Rows.Count: > 0 } table ? $"\n{table.Markdown}" : "")));

    public static IEnumerable<string> Lines(ReleaseNotes notes) =>
        Conclusions(notes).Concat(Sections(notes).SelectMany(x => (x.Table is { Rows.Count: > 0 } table
            ? table.Lines.Select(y => $"  {y}") : []).Prepend(x.Title)));

    static IEnumerable<string> Conclusions(ReleaseNotes notes)
    {
        if (notes.Fixes.Count > 0) yield return $"Fixes {string.Join(", ", notes.Fixes)}";
        if (notes.Loses.Count > 0) yield return $"LOSES the fix of {string.Join(", ", notes.Loses)}";
        if (notes.Closes.Count > 0) yield return $"Closes {string.Join(", ", notes.Closes.Select(x => $"LP#{x}"))}";
    }

    static IEnumerable<(string Title, TextTable? Table)> Sections(ReleaseNotes notes)
    {
        foreach (var source in notes.Sources)
        {
            var title = $"{source.Component} {source.From ?? "-"} → {source.To ?? "-"}";
            if (source.NotKnown is { } reason) yield return ($"{title}: commits not known, {reason}", null);
            if (source.Commits is { } commits) yield return ($"{title}: {Count(commits.Count, "commit")}", Of(commits));
            if (source.Gone is { Count: > 0 } gone)
                yield return ($"{title}: {Count(gone.Count, "commit")} not there any more", Of(gone));
        }

        if (notes.Patches.Count > 0)
            yield return ("Patches", new TextTable(["", "of", "patch", "subject", "names", ""],
                [.. notes.Patches.Select(x => (string[])[$"{x.Change}".ToLowerInvariant(), x.Component, x.Name,
                    x.Subject, Ids(x.Vulnerabilities, x.Bugs), x.Because ?? ""])]));
        foreach (var platforms in notes.Packages.Where(x => x.Changes.Count > 0)
            .Select(x => (x.Architecture, Table: SbomDiff.TableOf(x))).GroupBy(x => x.Table.Markdown))
            yield return ($"Packages ({string.Join(", ", platforms.Select(x => x.Architecture ?? "unknown"))})",
                platforms.First().Table);
        yield return ("Size", new TextTable(["platform", "before", "now", ""],
            [.. notes.Platforms.Select(x => (string[])[x.Platform ?? "unknown", Megabytes(x.FromSize),
                Megabytes(x.ToSize), x is { FromSize: { } from, ToSize: { } to } ? Difference(to - from) : ""])]));
    }

    static TextTable Of(IReadOnlyList<UpstreamChange> commits) => new(["commit", "subject", "names"],
    [
        .. commits.Take(MostCommits).Select(x => (string[])[x.Commit[..10], x.Subject, Ids(x.Vulnerabilities, x.Bugs)]),
        .. commits.Count > MostCommits
            ? (string[][])[["…", $"{commits.Count - MostCommits} more, which the JSON has", ""]] : [],
    ]);

    static string Ids(IReadOnlyList<string> vulnerabilities, IReadOnlyList<long> bugs) =>
        string.Join(' ', vulnerabilities.Concat(bugs.Select(x => $"LP#{x}")));

    static string Count(int count, string what) => count == 1 ? $"1 {what}"
        : $"{count} {what}{(what.EndsWith('h') ? "es" : "s")}";

    static string Megabytes(long? bytes) => bytes is { } known ? $"{known / 1e6:0.0} MB" : "not known";

    static string Difference(long bytes) => $"{(bytes < 0 ? "-" : "+")}{Math.Abs(bytes) / 1e6:0.0} MB";
}
