using static OpenStack.Report.Markup;

namespace OpenStack.Report;

/// <summary>The page of all images.</summary>
sealed class IndexPage(Overview overview)
{
    public const string Name = "index.html";

    public string Write()
    {
        var tables = new IndexTables(overview);
        (string Id, string Title, Markup Content)[] sections =
        [
            ("services", "Services and releases", new IndexMatrix(overview).Write()),
            ("images", "Images", tables.Images()),
            ("packages", "Packages", PackageSearch.Write(overview.Built)),
            ("layers", "Layers", tables.Layers()),
            ("vulnerabilities", "Vulnerabilities", tables.Vulnerabilities()),
            ("published", "Beside what is published", tables.Published()),
            ("trends", "Trends", tables.Trends()),
            ("run", "The last run", tables.LastRun()),
        ];
        var links = sections.Select(x => Html($"<a href=\"#{x.Id}\">{x.Title}</a>"));
        var content = sections.Select(x => Html(
            $"""
            <section id={x.Id} aria-labelledby={x.Id}-title>
            <h2 id={x.Id}-title>{x.Title}</h2>
            {x.Content}</section>

            """));
        return Page.Of("OpenStack images",
            Html($"<h1>OpenStack images</h1>\n<nav aria-label=Sections>{links}</nav>"), Join(content),
            PageAsset.IndexStyle, PageAsset.IndexScript, overview.At);
    }
}
