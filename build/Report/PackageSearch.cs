using System.Text;
using System.Text.Json;
using OpenStack.Oci;
using static OpenStack.Report.Markup;
using static OpenStack.Report.PageParts;

namespace OpenStack.Report;

/// <summary>A search over the packages of all images, which a script answers from data of the page.</summary>
static class PackageSearch
{
    public static Markup Write(IReadOnlyList<ReportedImage> built)
    {
        var fact = Fact.NotKnown<string>("Sbom");
        var listed = built.Where(x => x.Packages.IsKnown).ToList();
        if (listed.Count == 0) return Paragraph(NotKnown(fact));
        var others = built.Except(listed).ToList();
        var results = Table("Packages that were found", ["package", "version", "kind", "images"], []);
        return Html(
            $"""
            <p><label for=q>Search the packages of {Count(listed.Count, "image", "images")}</label>
            <input id=q type=search autocomplete=off spellcheck=false placeholder="name, version or kind">
            <output id=found for=q aria-live=polite></output></p>
            <noscript><p>The search needs scripts; the page of each image lists its packages.</p></noscript>
            <div id=results hidden>{results}</div>
            {(others.Count == 0 ? "" : Paragraph(Html($"Of {Names(others)}: {NotKnown(fact)}")))}
            <script type="application/json" id=data>{OfJson(Data(listed))}</script>

            """);
    }

    /// <summary>
    /// Images by title and page; the sets of images that packages are in; by kind, packages by name, each followed by
    /// its versions and, of each, the number of its set.
    /// </summary>
    static string Data(List<ReportedImage> listed)
    {
        var kinds = listed.SelectMany((x, i) => x.Packages.Value!.Packages.Select(y => (Image: i, Is: y)))
            .GroupBy(x => x.Is.Kind).OrderBy(x => x.Key, StringComparer.Ordinal).Select(kind => (kind.Key,
                Packages: kind.GroupBy(x => x.Is.Name).OrderBy(x => x.Key, StringComparer.OrdinalIgnoreCase)
                    .Select(x => (Name: x.Key, Versions: x.GroupBy(y => y.Is.Version, y => y.Image)
                        .OrderBy(y => y.Key, StringComparer.Ordinal)
                        .Select(y => (y.Key, Images: string.Join(',', y.Distinct()))).ToList())).ToList())).ToList();
        var sets = kinds.SelectMany(x => x.Packages).SelectMany(x => x.Versions).Select(x => x.Images).Distinct()
            .Select((x, i) => (x, i)).ToDictionary(x => x.x, x => x.i, StringComparer.Ordinal);
        return Encoding.UTF8.GetString(OciJson.Write(json =>
        {
            json.WriteStartObject();
            WriteArray(json, "images", listed, x =>
                WriteArray(json, null, [x.Title, x.Place.Page], json.WriteStringValue));
            WriteArray(json, "sets", sets.Keys, x =>
                WriteArray(json, null, x.Split(',').Select(int.Parse), json.WriteNumberValue));
            WriteArray(json, "kinds", kinds, kind =>
            {
                json.WriteStartArray();
                json.WriteStringValue(Plain(KindOfPackage(kind.Key)));
                foreach (var (name, versions) in kind.Packages)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(Plain(name));
                    foreach (var (version, images) in versions)
                    {
                        json.WriteStringValue(Plain(version));
                        json.WriteNumberValue(sets[images]);
                    }

                    json.WriteEndArray();
                }

                json.WriteEndArray();
            });
            json.WriteEndObject();
        }));
    }

    static void WriteArray<T>(Utf8JsonWriter json, string? name, IEnumerable<T> items, Action<T> write)
    {
        if (name is null) json.WriteStartArray();
        else json.WriteStartArray(name);
        foreach (var item in items) write(item);
        json.WriteEndArray();
    }
}
