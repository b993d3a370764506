using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Sbom;

/// <summary>
/// A CycloneDX document of whatever maker, read as far as it goes: what has another form is not there.
/// </summary>
static class BomJson
{
    /// <param name="read">Reads the document, which is gone afterwards.</param>
    /// <exception cref="ProblemException">The text is no CycloneDX document.</exception>
    public static T Read<T>(string text, string shownAs, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return Text(json.RootElement, "bomFormat") == "CycloneDX" ? read(json.RootElement)
                : throw new JsonException("bomFormat is not CycloneDX");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException(new Problem($"this is no CycloneDX document in JSON: {e.Message}", shownAs), e);
        }
    }

    /// <summary>What the document is of.</summary>
    public static JsonElement SubjectOf(JsonElement document) => Member(Member(document, "metadata"), "component");

    /// <summary>Its components, each followed by its parts.</summary>
    public static IEnumerable<JsonElement> Components(JsonElement document) =>
        Items(document, "components").SelectMany(WithParts);

    /// <summary>JSON is no deeper than the parser lets it be, so neither is this.</summary>
    static IEnumerable<JsonElement> WithParts(JsonElement component) => Components(component).Prepend(component);

    /// <summary>
    /// What a component is, whatever its version: its purl without version and qualifiers, or type and name.
    /// </summary>
    public static string KeyOf(JsonElement component) =>
        KeyOf(Text(component, "purl")) ?? $"{Text(component, "type")}/{Text(component, "name")}";

    /// <summary>The version stands behind the last <c>@</c>; one in a name is escaped.</summary>
    public static string? KeyOf(string? purl)
    {
        if (purl is null || !purl.StartsWith("pkg:", StringComparison.Ordinal)) return null;
        var plain = purl["pkg:".Length..].Split('?', '#')[0];
        return plain.LastIndexOf('@') is var at and > 0 ? plain[..at] : plain;
    }

    /// <summary>A qualifier of a purl, as it is meant; null where there is none.</summary>
    public static string? QualifierOf(string? purl, string name) =>
        purl?.Split('#')[0].Split('?', 2) is [_, var qualifiers] && qualifiers.Split('&')
            .FirstOrDefault(x => x.StartsWith($"{name}=", StringComparison.Ordinal)) is { } qualifier
            ? Uri.UnescapeDataString(qualifier[(name.Length + 1)..]) : null;

    /// <summary>The first of each name.</summary>
    public static Dictionary<string, string> PropertiesOf(JsonElement component) =>
        Items(component, "properties").Select(x => (Name: Text(x, "name") ?? "", Value: Text(x, "value") ?? ""))
            .DistinctBy(x => x.Name).ToDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal);

    /// <summary><c>sha256:…</c>; null where it does not say.</summary>
    public static string? DigestOf(JsonElement component) => Items(component, "hashes")
        .Where(x => Text(x, "alg") == "SHA-256").Select(x => $"sha256:{Text(x, "content")}").FirstOrDefault();

    public static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static List<JsonElement> Items(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : [];
}
