using static OpenStack.Report.Markup;
using static OpenStack.Report.PageParts;

namespace OpenStack.Report;

/// <summary>Services × releases, and the figures of all images together.</summary>
sealed class IndexMatrix(Overview overview)
{
    readonly long _largest = overview.Built.Select(x => x.Build.Value!.Size).DefaultIfEmpty().Max();

    public Markup Write()
    {
        var services = overview.Images.Where(x => x.Place.Release is not null).ToList();
        var cells = services.ToDictionary(x => (x.Place.Name, x.Place.Release));
        var headings = overview.Releases.Select(Heading);
        var rows = services.Select(x => x.Place.Name).Distinct().Select(name => Row(
            [Cell.Head(name), .. overview.Releases.Select(x => CellOf(cells.GetValueOrDefault((name, x.Name))))]));
        return Html(
            $"""
            {FiguresOf(services)}{Legend}<div class=scroll role=region aria-label="Table: services and releases" tabindex=0>
            <table class=matrix>
            <thead><tr><th scope=col>service{headings}<tbody>
            {rows}</table></div>

            """);
    }

    static Markup Heading(ReportedRelease release) => Html(
        $"""<th scope=col>{release.Name} {release.Series}<br>{Small(From(release.File, release.Status))}""");

    Markup FiguresOf(List<ReportedImage> services)
    {
        var built = services.Count(x => x.Build.IsKnown);
        var listed = overview.Built.Where(x => x.Packages.IsKnown).ToList();
        var packages = listed.SelectMany(x => x.Packages.Value!.Packages)
            .DistinctBy(x => (x.Kind, x.Name, x.Version)).Count();
        var scanned = overview.Built.Where(x => x.Findings.IsKnown).ToList();
        var open = scanned.SelectMany(x => x.Open).DistinctBy(x => x.Ids[0]).Count();
        var stored = overview.Built.SelectMany(x => x.Layers).DistinctBy(x => x.Digest).Sum(x => x.Size);
        var each = overview.Built.Sum(x => x.Build.Value!.Size);
        (string Name, Markup Value, string Remark)[] figures =
        [
            ("images built", $"{built}", $"of {services.Count}"),
            ("stored", built == 0 ? Unknown(Fact.NotKnown<string>("BuildService")) : Size(stored),
                built == 0 ? "" : $"each by itself {Size(each)}"),
            ("packages", listed.Count == 0 ? Unknown(Fact.NotKnown<string>("Sbom")) : $"{packages}",
                $"in {Count(listed.Count, "SBOM", "SBOMs")}"),
            ("patches", $"{services.Sum(x => x.Patches.Count)}", ""),
            ("vulnerabilities", scanned.Count == 0 ? Unknown(Fact.NotKnown<string>("Scan")) : $"{open}",
                $"{Count(scanned.Count, "image", "images")} scanned"),
        ];
        return Html($"<dl class=figures>\n{figures.Select(x => Html(
            $"<div><dt>{x.Name}<dd>{x.Value} {Small(x.Remark)}</div>\n"))}</dl>\n");
    }

    Cell CellOf(ReportedImage? image)
    {
        if (image is null) return Html($"<span class=none>–</span>");
        if (image.Build.Value is not { } build)
            return Html(
                $"{From(image.Place.RefFile, Short(image.Place.Ref ?? ""))} {Small("not built")}{Patches(image)}");
        var version = build.Version.Length > 0 ? build.Version : Short(image.Place.Ref ?? "");
        var alone = $", {Size(overview.SizeOf(image, LayerUse.Own))} alone";
        return Html(
            $"""
            <a href="{image.Place.Page}"><b>{version}</b></a> {Digest(build.Digest, image.Build.From)}{UseBar(image)}
            <small>{From(image.Build.From, Size(build.Size))}{alone}</small>{Patches(image)}
            """);
    }

    static Markup Patches(ReportedImage image)
    {
        if (image.Patches.Count == 0) return Empty;
        var states = image.Patches.GroupBy(x => x.State.Value).OrderBy(x => x.Key, StringComparer.Ordinal)
            .Select((x, i) => Html($"{(i == 0 ? "" : ", ")}{StateOf(x.Key, x.Count())}"));
        return Html($"<br><small>{Count(image.Patches.Count, "patch", "patches")}: {states}</small>");
    }

    static Markup StateOf(string? state, int count) => state is null
        ? Badge($"{count} not known", "unknown") : Badge($"{count} {state}", KindOfPatch(state));

    Markup UseBar(ReportedImage image)
    {
        var parts = Enum.GetValues<LayerUse>().Select(x => (Class: ClassOf(x), Size: overview.SizeOf(image, x)))
            .Where(x => x.Size > 0).Select(x => (x.Class, x.Size, Title: $"{x.Class} {Size(x.Size)}")).ToList();
        return Bar(parts, _largest, $"{image.Title}: {string.Join(", ", parts.Select(x => x.Title))}");
    }
}
