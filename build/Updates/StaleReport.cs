using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Changes;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Updates;

/// <summary>The published images, for a terminal, a program or a web page.</summary>
/// <param name="Images"><c>python-base</c> first.</param>
public sealed record StaleReport(IReadOnlyList<PublishedState> Images)
{
    /// <summary>The service images that are to be built again. Their base is built with them.</summary>
    public IReadOnlyList<AffectedImage> Stale => [.. Images.Where(x => x is { IsStale: true, Release: not null })
        .Select(x => new AffectedImage(x.Image, x.Release!, x.Because))];

    /// <summary>One row per image that is not up to date.</summary>
    public TextTable Table =>
        new(["image", "release", "state", "because"], [.. Images.Where(x => x.IsStale || x.Unknown.Count > 0)
            .Select(x =>
                (string[])[x.Image, x.Release ?? "all", WordOf(x), string.Join("; ", x.Because.Concat(x.Unknown))])]);

    /// <summary><c>2 stale, 1 unknown, 22 up to date</c>.</summary>
    public string Summary() => string.Join(", ",
        Images.GroupBy(WordOf).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Count()} {x.Key}"));

    /// <summary>
    /// Writes <c>stale.json</c>, which lists the images as <c>affected.json</c> does, and <c>stale.md</c>.
    /// </summary>
    public void Write(AbsolutePath directory)
    {
        AtomicFile.WriteText(directory / "stale.json",
            JsonSerializer.Serialize([.. Stale], UpdatesJson.Readable.AffectedImageArray) + "\n");
        AtomicFile.WriteText(directory / "stale.md", ToMarkdown());
    }

    public string ToMarkdown() => $"### Stale\n\n{Summary()}\n{(Table.Rows.Count == 0 ? "" : $"\n{Table.Markdown}")}";

    /// <summary>What is an error by some policies.</summary>
    public IReadOnlyList<Problem> Violations(IReadOnlyList<OutdatedPolicy> policies) =>
    [
        .. Images.SelectMany(x => (policies.Contains(OutdatedPolicy.Stale) ? x.Because : [])
            .Concat(policies.Contains(OutdatedPolicy.Unknown) ? x.Unknown : []),
            (x, why) => new Problem($"{x.Image}{(x.Release is null ? "" : $" {x.Release}")}: {why}")),
    ];

    static string WordOf(PublishedState x) => x.IsStale ? "stale" : x.Unknown.Count > 0 ? "unknown" : "up to date";
}
