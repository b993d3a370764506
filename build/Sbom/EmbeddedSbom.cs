using System.Text.Json;
using OpenStack.Constraints;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>An SBOM that a distribution brings of what is within it (PEP 770: <c>*.dist-info/sboms/*</c>).</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Parts">What it lists beside the distribution itself.</param>
/// <param name="Unread">Why it is not read, or what of it is not; null where all of it is.</param>
/// <param name="IsRead">Whether any of it is.</param>
sealed record EmbeddedSbom(string Path, IReadOnlyList<EmbeddedPart> Parts, string? Unread = null, bool IsRead = false)
{
    const string Metadata = ".dist-info";
    const string Directory = Metadata + "/sboms/";

    /// <summary>The files that this needs the content of.</summary>
    public static bool Keeps(string path) => path.Contains(Directory, StringComparison.Ordinal);

    /// <returns>By distribution.</returns>
    public static ILookup<PythonDistribution, EmbeddedSbom> In(
        IEnumerable<(string Path, ImageFile File)> files, IReadOnlyList<PythonDistribution> distributions)
    {
        var owners = distributions.ToLookup(x => x.Path[..Math.Max(0, x.Path.LastIndexOf('/'))],
            StringComparer.Ordinal);
        return files.Where(x => Keeps(x.Path))
            .SelectMany(x => owners[OwnerOf(x.Path)].Take(1), (x, owner) => (Owner: owner, x.Path, x.File))
            .ToLookup(x => x.Owner, x => Parse(x.Path, x.File.Content ?? [], x.Owner.Key));
    }

    static string OwnerOf(string path) => path[..(path.IndexOf(Directory, StringComparison.Ordinal) + Metadata.Length)];

    /// <param name="distribution">What the document is about.</param>
    public static EmbeddedSbom Parse(string path, ReadOnlyMemory<byte> content, PythonName distribution)
    {
        try
        {
            using var json = JsonDocument.Parse(content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content);
            var root = json.RootElement;
            return WhyNotRead(root) is { } why
                ? new EmbeddedSbom(path, [], why)
                : PartsOf(path, root, distribution);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new EmbeddedSbom(path, [], "it is no JSON");
        }
    }

    static string? WhyNotRead(JsonElement root) =>
        root.ValueKind != JsonValueKind.Object ? "it is no object of JSON"
        : root.TryGetProperty("spdxVersion", out _) || root.TryGetProperty("@context", out _) ? "it is SPDX"
        : OciJson.Text(root, "bomFormat") != "CycloneDX" ? "it is no CycloneDX"
        : null;

    static EmbeddedSbom PartsOf(string path, JsonElement root, PythonName distribution)
    {
        var about = EmbeddedPart.Member(EmbeddedPart.Member(root, "metadata"), "component");
        var subject = OciJson.Text(about, "bom-ref");
        var edges = EmbeddedPart.Items(root, "dependencies").GroupBy(x => OciJson.Text(x, "ref") ?? "")
            .ToDictionary(x => x.Key, x => TextsOf(x.SelectMany(y => EmbeddedPart.Items(y, "dependsOn"))));
        var all = EmbeddedPart.Items(root, "components").SelectMany(WithParts)
            .Select(x => EmbeddedPart.Parse(x, edges)).ToList();
        var nameless = all.Count(x => x is null);
        return new EmbeddedSbom(path,
            [.. all.OfType<EmbeddedPart>()
                .Where(x => (subject is null || x.Reference != subject) && !IsItself(x, distribution))],
            nameless == 0 ? null : $"{nameless} of its {all.Count} components have no name", IsRead: true);
    }

    static IReadOnlyList<string> TextsOf(IEnumerable<JsonElement> items) =>
        [.. items.Where(x => x.ValueKind == JsonValueKind.String).Select(x => x.GetString()!).Distinct()];

    static bool IsItself(EmbeddedPart part, PythonName distribution)
    {
        const string python = "pkg:pypi/";
        return part.Component.Purl is { } purl && purl.StartsWith(python, StringComparison.Ordinal)
            && PythonName.Of(purl[python.Length..].Split('@', '?', '#')[0]) == distribution;
    }

    /// <summary>JSON is no deeper than the parser lets it be, so neither is this.</summary>
    static IEnumerable<JsonElement> WithParts(JsonElement component) =>
        EmbeddedPart.Items(component, "components").SelectMany(WithParts).Prepend(component);
}
