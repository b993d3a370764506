using System.Text.Json;
using System.Text.RegularExpressions;
using CycloneDX.Models;
using OpenStack.Constraints;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>An SBOM that a distribution brings of what is within it (PEP 770: <c>*.dist-info/sboms/*</c>).</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Parts">What it lists beside the distribution itself.</param>
/// <param name="Unread">Why it is not read; null where it is.</param>
sealed partial record EmbeddedSbom(string Path, IReadOnlyList<EmbeddedPart> Parts, string? Unread = null)
{
    const string Directory = ".dist-info/sboms/";

    /// <summary>The files that this needs the content of.</summary>
    public static bool Keeps(string path) => path.Contains(Directory, StringComparison.Ordinal);

    /// <returns>By distribution.</returns>
    public static ILookup<PythonDistribution, EmbeddedSbom> In(
        IEnumerable<(string Path, ImageFile File)> files, IReadOnlyList<PythonDistribution> distributions)
    {
        var owners = distributions.ToLookup(x => x.Path[..Math.Max(0, x.Path.LastIndexOf('/'))], StringComparer.Ordinal);
        return files.Where(x => Keeps(x.Path))
            .SelectMany(x => owners[x.Path[..(x.Path.IndexOf(Directory, StringComparison.Ordinal) + ".dist-info".Length)]].Take(1), (x, owner) => (x.Path, x.File, Owner: owner))
            .ToLookup(x => x.Owner, x => Parse(x.Path, x.File.Content ?? [], x.Owner.Key));
    }

    /// <param name="distribution">What the document is about.</param>
    public static EmbeddedSbom Parse(string path, ReadOnlyMemory<byte> content, PythonName distribution)
    {
        try
        {
            using var json = JsonDocument.Parse(content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return new EmbeddedSbom(path, [], "it is no object of JSON");
            if (root.TryGetProperty("spdxVersion", out _) || root.TryGetProperty("@context", out _)) return new EmbeddedSbom(path, [], "it is SPDX");
            if (OciJson.Text(root, "bomFormat") != "CycloneDX") return new EmbeddedSbom(path, [], "it is no CycloneDX");
            var about = root.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("component", out var component)
                ? OciJson.Text(component, "bom-ref") : null;
            var edges = Items(root, "dependencies").GroupBy(x => OciJson.Text(x, "ref") ?? "")
                .ToDictionary(x => x.Key, x => x.SelectMany(y => Items(y, "dependsOn")).Where(y => y.ValueKind == JsonValueKind.String).Select(y => y.GetString()!).Distinct().ToList());
            var parts = Items(root, "components").SelectMany(WithParts).Select(x => Part(x, edges)).OfType<EmbeddedPart>().Where(x => x.Reference.Length == 0 || x.Reference != about)
                .Where(x => !IsItself(x.Component, distribution)).ToList();
            return new EmbeddedSbom(path, parts);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new EmbeddedSbom(path, [], "it is no JSON");
        }
    }

    static bool IsItself(Component component, PythonName distribution) =>
        component.Purl is { } purl && purl.StartsWith("pkg:pypi/", StringComparison.Ordinal) && PythonName.Of(purl["pkg:pypi/".Length..].Split('@', '?', '#')[0]) == distribution;

    static IEnumerable<JsonElement> WithParts(JsonElement component) => Items(component, "components").SelectMany(WithParts).Prepend(component);

    /// <summary>What is known of it; members that CycloneDX would not admit are left out. Null without a name.</summary>
    static EmbeddedPart? Part(JsonElement json, Dictionary<string, List<string>> edges)
    {
        if (OciJson.Text(json, "name") is not { Length: > 0 } name) return null;
        var reference = OciJson.Text(json, "bom-ref") ?? "";
        var supplier = json.TryGetProperty("supplier", out var by) ? OciJson.Text(by, "name") : null;
        return new EmbeddedPart(reference, new Component
        {
            Type = Enum.TryParse<Component.Classification>(OciJson.Text(json, "type")?.Replace('-', '_'), ignoreCase: true, out var type) && type != Component.Classification.Null && Enum.IsDefined(type)
                ? type : Component.Classification.Library,
            Supplier = new OrganizationalEntity { Name = supplier is { Length: > 0 } ? supplier : BomParts.Unknown },
            Name = name,
            Version = OciJson.Text(json, "version"),
            Description = OciJson.Text(json, "description"),
            Hashes = Sha256Of(json) is { } digest ? BomParts.Sha256(digest) : null,
            Licenses = BomParts.Licenses([.. Items(json, "licenses").SelectMany(License).Distinct()]),
            Cpe = OciJson.Text(json, "cpe") is { } cpe && cpe.StartsWith("cpe:2.3:", StringComparison.Ordinal) && cpe.Split(':').Length >= 13 ? cpe : null,
            Purl = OciJson.Text(json, "purl") is { } purl && purl.StartsWith("pkg:", StringComparison.Ordinal) ? purl : null,
        }, edges.GetValueOrDefault(reference));
    }

    static string? Sha256Of(JsonElement json) => Items(json, "hashes").Where(x => OciJson.Text(x, "alg") == "SHA-256")
        .Select(x => OciJson.Text(x, "content")?.ToLowerInvariant()).FirstOrDefault(x => x is not null && Digits().IsMatch(x));

    static IEnumerable<LicenseText> License(JsonElement choice) =>
        OciJson.Text(choice, "expression") is { } expression ? LicenseExpression.Parse(expression, isDebian: false)
        : choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("license", out var license) && (OciJson.Text(license, "id") ?? OciJson.Text(license, "name")) is { Length: > 0 } named
            ? [SpdxLicenses.IdOf(named, isDebian: false) is { } id ? new LicenseText(id, true) : new LicenseText(named, false)] : [];

    static List<JsonElement> Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Digits();
}
