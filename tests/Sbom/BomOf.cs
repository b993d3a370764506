using System.Text.Json;
using CycloneDX;
using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

/// <summary>The SBOM of a small image, as a reader of the document sees it.</summary>
static class BomOf
{
    public static JsonElement Image(SmallImage image, BomSubject? subject = null, string version = "1.6")
    {
        var layout = image.Write();
        var bom = ImageBom.Of(
            Inventory.Read(layout, layout.ReadManifest()), subject ?? new BomSubject("app", "localhost"),
            SbomFiles.VersionOf(version));
        return JsonDocument.Parse(SbomFiles.Text(bom)).RootElement;
    }

    public static IReadOnlyList<string> Warnings(SmallImage image, BomSubject? subject = null)
    {
        var layout = image.Write();
        var inventory = Inventory.Read(layout, layout.ReadManifest());
        var bom = ImageBom.Of(inventory, subject ?? new BomSubject("app", "localhost"), SpecificationVersion.v1_6);
        return BomWarnings.Of(bom);
    }

    public static JsonElement Component(JsonElement bom, string name) =>
        Components(bom).Single(x => Text(x, "name") == name);

    public static List<JsonElement> Components(JsonElement bom) =>
        bom.TryGetProperty("components", out var list) ? [.. list.EnumerateArray()] : [];

    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>All values of a property, without the prefix of the project.</summary>
    public static string[] Properties(JsonElement component, string name) =>
        !component.TryGetProperty("properties", out var list) ? []
        : [.. list.EnumerateArray().Where(x => Text(x, "name") == "openstack-images:" + name)
            .Select(x => Text(x, "value")!)];

    /// <summary><c>type url (comment)</c> of each external reference.</summary>
    public static string[] References(JsonElement component) =>
        !component.TryGetProperty("externalReferences", out var list) ? []
        : [.. list.EnumerateArray()
            .Select(x => $"{Text(x, "type")} {Text(x, "url")}"
                + (Text(x, "comment") is { } comment ? $" ({comment})" : ""))];

    /// <summary>Licences of a component, or of what was found of it.</summary>
    public static string Licenses(JsonElement of) => !of.TryGetProperty("licenses", out var list) ? ""
        : string.Join(", ", list.EnumerateArray().Select(License));

    static string License(JsonElement choice) => Text(choice, "expression")
        ?? Text(choice.GetProperty("license"), "id") ?? $"name: {Text(choice.GetProperty("license"), "name")}";

    /// <summary>Names and versions of what depends on what: <c>a-1 → b-2</c>.</summary>
    public static string[] Edges(JsonElement bom)
    {
        var names = Components(bom)
            .ToDictionary(x => Text(x, "bom-ref")!, x => $"{Text(x, "name")}-{Text(x, "version")}");
        return [.. bom.GetProperty("dependencies").EnumerateArray()
            .Where(x => x.TryGetProperty("dependsOn", out _) && names.ContainsKey(Text(x, "ref")!))
            .SelectMany(x => x.GetProperty("dependsOn").EnumerateArray(), (x, y) => (From: x, To: y.GetString()!))
            .Where(x => names.ContainsKey(x.To)).Select(x => $"{names[Text(x.From, "ref")!]} → {names[x.To]}")
            .Order(StringComparer.Ordinal)];
    }
}
