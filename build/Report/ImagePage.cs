using static OpenStack.Report.Markup;
using static OpenStack.Report.PageParts;

namespace OpenStack.Report;

/// <summary>The page of one image: its tabs are the sections of a page without scripts.</summary>
sealed class ImagePage(Overview overview, ReportedImage image)
{
    /// <summary>Images that are named; of more, the page of all images has the names.</summary>
    const int MostNames = 4;

    public string Write()
    {
        var supply = new ImageSupply(image);
        (string Id, string Title, string Count, Markup Content)[] tabs =
        [
            ("overview", "Overview", "", new ImageSummary(overview, image).Write()),
            ("layers", "Layers", image.Build.IsKnown ? $"{image.Layers.Count()}" : "", Layers()),
            ("packages", "Packages", $"{image.Packages.Value?.Packages.Count}", Packages()),
            ("patches", "Patches", $"{image.Patches.Count}", Patches()),
            ("vulnerabilities", "Vulnerabilities", image.Findings.IsKnown ? $"{image.Open.Count()}" : "",
                supply.Vulnerabilities()),
            ("provenance", "Provenance", "", supply.Provenance()),
            ("tests", "Tests", image.Tests.Count(x => x.IsKnown) is > 0 and var count ? $"{count}" : "", Tests()),
        ];
        var links = tabs.Select(x => Html($"""<a href="#{x.Id}" id={x.Id}-tab>{x.Title}{NumberIn(x.Count)}</a>"""));
        var sections = tabs.Select(x => Html($"<section id={x.Id}><h2>{x.Title}</h2>\n{x.Content}</section>\n"));
        return Page.Of($"{image.Title} – OpenStack images",
            Html($"<p><a href=\"{IndexPage.Name}\">OpenStack images</a></p>\n<h1>{image.Title}</h1>\n{Subtitle}"),
            Html($"<div class=tabs>{links}</div>\n{sections}"), PageAsset.ImageStyle, PageAsset.ImageScript,
            overview.At);
    }

    static Markup NumberIn(string count) => count.Length == 0 ? Empty : Html($" {Small(count)}");

    Markup Subtitle => image.Build.Value is { } build
        ? Html($"<p class=subtitle>{build.Version} <code class=whole>{build.Digest}</code></p>")
        : Html($"<p class=subtitle>{image.Place.Ref}, not built</p>");

    Markup Layers() => image.Build.Value is { } build
        ? Html($"{Legend}{build.Platforms.Select(LayersOf)}") : Paragraph(NotKnown(image.Build));

    Markup LayersOf(ReportedPlatform platform)
    {
        var sum = platform.Layers.Sum(x => x.Size);
        var bar = Bar(platform.Layers.Select((x, i) =>
            (ClassOf(overview.UseOf(x)), x.Size, $"{i + 1}: {Size(x.Size)}")), sum, $"layers of {platform.Platform}");
        var packages = image.Packages.Value?.Packages.SelectMany(x => x.Layers).CountBy(x => x).ToDictionary();
        var rows = platform.Layers.Select((x, i) => Row(
            Cell.Number(i + 1),
            Html($"<code>{Short(x.Digest)}</code>"),
            Cell.Bytes(x.Size, BlobOf(x.Digest)),
            Cell.Number(image.Packages, _ => packages!.GetValueOrDefault(x.Digest)),
            Cell.Long(AlsoIn(x)),
            Cell.Long(x.Made)));
        return Html($"<h3>{platform.Platform}: {Size(sum)}</h3>\n{bar}{Table($"Layers of {platform.Platform}",
            [" #", "layer", " size", " packages", "also in", "made by"], rows)}");
    }

    string BlobOf(string digest) =>
        $"{image.Build.From[..^"index.json".Length]}blobs/{digest.Replace(':', '/')}";

    Markup AlsoIn(ReportedLayer layer)
    {
        var others = overview.Shares[layer.Digest].Where(x => x != image).ToList();
        return others.Count == 0 ? Html($"<span class=none>no other</span>")
            : others.Count <= MostNames ? Names(others)
            : Html($"<a href=\"{IndexPage.Name}#layers\">{others.Count} others</a>");
    }

    Markup Packages()
    {
        if (image.Packages.Value is not { } list) return Paragraph(NotKnown(image.Packages));
        var numbers = image.Build.Value!.Platforms.SelectMany(x => x.Layers.Select((y, i) => (y.Digest, Number: i + 1)))
            .DistinctBy(x => x.Digest).ToDictionary(x => x.Digest, x => x.Number, StringComparer.Ordinal);
        var tables = list.Kinds.Select(kind => Html(
            $"""
            <div><h3>{KindOfPackage(kind.Kind)} {Small($"{kind.Count}")}</h3>
            {Table($"Packages, {KindOfPackage(kind.Kind)}", ["package", "version", "layer"],
                list.Packages.Where(x => x.Kind == kind.Kind).Select(x => Row(x.Name,
                    x.Platforms.Length > 0 ? $"{x.Version} ({x.Platforms})" : x.Version,
                    string.Join(", ", x.Layers.Where(numbers.ContainsKey).Select(y => numbers[y]).Distinct()))))}</div>

            """));
        return Html(
            $"""
            <p>{From(image.Packages.From, Count(list.Packages.Count, "package", "packages"))},
            {list.WithoutLicense} without a licence. <label for=filter>Filter</label>
            <input id=filter type=search autocomplete=off spellcheck=false>
            <output id=left for=filter aria-live=polite></output></p>
            <div class=packages>{tables}</div>

            """);
    }

    Markup Patches() => image.Patches.Count == 0
        ? Paragraph(Html($"The repository has no patch for it in <code>patches/</code>."))
        : Table("Patches", ["component", "patch", "state", "subject", "author", "names", "why"],
            image.Patches.Select(x => Row(x.Component, From(x.File, x.Title), StateOf(x), x.Subject, x.Author,
                string.Join(", ", x.Names), Cell.Long(x.Detail))));

    static Markup StateOf(ReportedPatch patch) => patch.State.Value is { } state
        ? Html($"{Badge(state, KindOfPatch(state))} {Small(From(patch.State.From, patch.State.From.Split('/')[^1]))}")
        : Unknown(patch.State);

    Markup Tests() => image.Tests.Count == 0
        ? Paragraph(NotKnown(image.Build.IsKnown ? Fact.NotKnown<ImageBuild>("", "no target tests it") : image.Build))
        : Join(image.Tests.Where(x => x.IsKnown).Select(x => TestOf(x.From, x.Value!)).Concat(image.Tests
            .Where(x => !x.IsKnown).Select(x => Paragraph(Html($"{x.Target}: {NotKnown(x)}")))));

    static Markup TestOf(string file, ReportedTest test) => Html(
        $"""
        <h3>{test.Target} {Small(test.Platform)} {Result(test.Result)} {Small(From(file, "result"))}</h3>
        {Named("failed", test.Failed, " open")}{Named("warned", test.Warned, " open")}{Named("passed", test.Passed)}
        """);

    static Markup Named(string word, IReadOnlyList<string> names, string open = "")
    {
        var items = names.Select(x => Html($"<li>{x}\n"));
        return names.Count == 0 ? Empty
            : Html($"<details{open}><summary>{names.Count} {word}</summary><ul>\n{items}</ul></details>\n");
    }
}
