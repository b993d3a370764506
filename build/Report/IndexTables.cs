using static OpenStack.Report.Markup;
using static OpenStack.Report.PageParts;

namespace OpenStack.Report;

/// <summary>Tables of all images that are built.</summary>
sealed class IndexTables(Overview overview)
{
    public Markup Images() => overview.Built.Count == 0
        ? Paragraph(NotKnown(Fact.NotKnown<string>("BuildService", "no image is here")))
        : Table("Images", ["image", "version", " size", " alone", " packages", " patches", " vulnerabilities", "tests",
            "published"], overview.Built.Select(Image), sorted: true);

    Markup Image(ReportedImage image) => Row(
        Cell.Head(PageOf(image)),
        From(image.Inputs.From, image.Build.Value!.Version),
        Cell.Bytes(image.Build.Value.Size, image.Build.From),
        Cell.Bytes(overview.SizeOf(image, LayerUse.Own), image.Build.From),
        Cell.Number(image.Packages, x => x.Packages.Count),
        Cell.Number(image.Patches.Count),
        Cell.Number(image.Findings, _ => image.Open.Count()),
        Tested(image),
        PublishedAs(image));

    static Markup Tested(ReportedImage image)
    {
        var known = image.Tests.Where(x => x.IsKnown).OrderBy(x => x.Value!.Result switch
        {
            "FAILED" => 0,
            "WARNED" => 1,
            _ => 2,
        }).ToList();
        if (known.Count == 0) return Unknown(Fact.NotKnown<string>("TestImage"));
        var (result, from) = (known[0].Value!.Result, known[0].From);
        return Html($"{Result(result)} {Small(From(from, Count(known.Count, "result", "results")))}");
    }

    static Markup PublishedAs(ReportedImage image)
    {
        if (image.Published.Value is not { } published) return Unknown(image.Published);
        var tags = Small(From(image.Published.From, Count(published.Tags.Count, "tag", "tags")));
        return Html($"{(published.IsThis ? Badge("this image", "good") : Badge("another image", "warn"))} {tags}");
    }

    public Markup Layers()
    {
        var layers = overview.Built.SelectMany(x => x.Layers).DistinctBy(x => x.Digest)
            .Where(x => overview.Shares[x.Digest].Count > 1).OrderByDescending(x => x.Size).ToList();
        if (layers.Count == 0) return Paragraph("No two images that are built here have a layer in common.");
        var saved = layers.Sum(x => x.Size * (overview.Shares[x.Digest].Count - 1));
        var text = $"{Count(layers.Count, "layer is", "layers are")} in more than one image: a registry, and a node "
            + $"that runs them all, stores {Size(saved)} less for that.";
        var rows = layers.Select(x => (Layer: x, Of: overview.Shares[x.Digest])).Select(x => Row(Digest(x.Layer.Digest),
            Cell.Bytes(x.Layer.Size), Cell.Number(x.Of.Count), Cell.Long(Names(x.Of)), Cell.Long(x.Layer.Made)));
        return Html($"{Paragraph(text)}{Table("Layers that images share",
            ["layer", " size", " images", "of", "made by"], rows, sorted: true)}");
    }

    public Markup Vulnerabilities()
    {
        var (scanned, not) = (overview.Built.Where(x => x.Findings.IsKnown).ToList(),
            overview.Built.Where(x => !x.Findings.IsKnown).ToList());
        var found = scanned.SelectMany(x => x.Findings.Value!, (image, x) => (Image: image, Finding: x))
            .GroupBy(x => (Id: x.Finding.Ids[0], x.Finding.Component, x.Finding.Version, x.Finding.IsMended))
            .OrderBy(x => x.Key.IsMended).ThenByDescending(x => x.First().Finding.Severity)
            .ThenBy(x => x.Key.Id, StringComparer.Ordinal).ToList();
        var rows = found.Select(x => Row(SeverityOf(x.First().Finding), x.Key.Id, x.Key.Component, x.Key.Version,
            string.Join(", ", x.First().Finding.FixedIn), Cell.Long(Names(x.Select(y => y.Image).Distinct())),
            x.Key.IsMended ? Badge("mended by a patch", "good") : ""));
        var table = found.Count > 0 ? Table("Vulnerabilities",
                [" severity", "vulnerability", "component", "version", "fixed in", "images", "VEX"], rows, sorted: true)
            : scanned.Count > 0 ? Paragraph($"The scanner knows of none in {Count(scanned.Count, "image", "images")}.")
            : Empty;
        return Html($"{table}{Others(not, "Scan", not.FirstOrDefault()?.Findings.Because ?? "")}");
    }

    public Markup Published()
    {
        var known = overview.Built.Where(x => x.Published.IsKnown).ToList();
        var rows = known.Select(x => Row(Cell.Head(PageOf(x)), PublishedAs(x),
            string.Join(' ', x.Published.Value!.Tags), Brings(x.Notes)));
        var table = known.Count == 0 ? Empty
            : Table("What is published", ["image", "published", "tags", "brings"], rows);
        return Html($"{table}{Others([.. overview.Built.Except(known)], "Push")}");
    }

    /// <summary>Those of which something is not known.</summary>
    Markup Others(List<ReportedImage> images, string target, string because = "")
    {
        var fact = Fact.NotKnown<string>(target, because);
        return images.Count == 0 && overview.Built.Count > 0 ? Empty
            : images.Count == overview.Built.Count ? Paragraph(NotKnown(fact))
            : Paragraph(Html($"Of {Names(images)}: {NotKnown(fact)}"));
    }

    public Markup Trends()
    {
        var runs = overview.Built.Select(x => (Image: x, Runs: overview.Runs
            .Select(run => (File: overview.FileOf(run), Record: run.Of(x.Place)))
            .Where(y => y.Record is not null).Select(y => (y.File, y.Record!)).ToList()))
            .Where(x => x.Runs.Count > 1).ToList();
        return runs.Count == 0
            ? Paragraph(NotKnown(Fact.NotKnown<string>("Report", "no earlier report has found other images")))
            : Table("Trends", ["image", "size", " at first", " now", "packages", " at first", " now", " reports"],
                runs.Select(x => Trend(x.Image, x.Runs)));
    }

    static Markup Trend(ReportedImage image, List<(string File, RecordedImage Record)> runs)
    {
        var listed = runs.Where(x => x.Record.Packages is not null).ToList();
        Cell SizeIn((string File, RecordedImage Record) x) => Cell.Bytes(x.Record.Size, x.File);
        Cell PackagesIn((string File, RecordedImage Record) x) => Cell.Number(x.Record.Packages ?? -1,
            From(x.File, x.Record.Packages is { } count ? $"{count}" : "not known"));
        return Row(Cell.Head(PageOf(image)),
            Spark([.. runs.Select(x => x.Record.Size)], $"size of {image.Title}"), SizeIn(runs[0]), SizeIn(runs[^1]),
            Spark([.. listed.Select(x => (long)x.Record.Packages!)], $"packages of {image.Title}"),
            PackagesIn(runs[0]), PackagesIn(runs[^1]), Cell.Number(runs.Count));
    }

    public Markup LastRun()
    {
        var states = overview.States.Value is not { } known ? Empty
            : Table("What has become of each image", ["image", "state", "because"], known.Select(x =>
                Row(Cell.Head(x.Image), Badge(x.State, x.State == "failed" ? "bad" : ""), x.Reason)));
        if (overview.Stages.Value is not { } stages)
            return Html($"{states}{Paragraph(Html($"When what was made: {NotKnown(overview.Stages)}"))}");
        var (start, end) = (stages.Min(x => x.Start), stages.Max(x => x.End));
        var rows = stages.Select(x => Row(Cell.Head(x.Image), x.Output, Cell.Number(
            (long)(x.End - x.Start).TotalMilliseconds, From(x.File, $"{(x.End - x.Start).TotalSeconds:0.0}")),
            Span(x, start, end - start)));
        return Html($"{states}{Table("Timeline", ["image", "made", " seconds", "when"], rows, sorted: true)}");
    }

    static Markup Span(TimedStage stage, DateTimeOffset start, TimeSpan all)
    {
        long Of(TimeSpan time) => (long)(time.TotalMilliseconds * 1000 / Math.Max(1, all.TotalMilliseconds));
        var label = $"from {stage.Start.UtcDateTime:HH:mm:ss} to {stage.End.UtcDateTime:HH:mm:ss} UTC";
        return Html(
            $"""
            <svg class=bar viewBox="0 0 1000 8" preserveAspectRatio=none role=img aria-label="{label}">
            <rect class=shared x={Of(stage.Start - start)} width={Math.Max(4, Of(stage.End - stage.Start))} height=8 />
            </svg>
            """);
    }
}
