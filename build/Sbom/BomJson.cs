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

    /// <summary>What is made of its components, each followed by its parts.</summary>
    public static List<T> Components<T>(JsonElement document, Func<JsonElement, T> read)
    {
        var made = new List<T>();
        Add(document, read, made);
        return made;
    }

    /// <summary>JSON is no deeper than the parser lets it be, so neither is this.</summary>
    static void Add<T>(JsonElement parent, Func<JsonElement, T> read, List<T> made)
    {
        foreach (var component in Items(parent, "components"))
        {
            made.Add(read(component));
            Add(component, read, made);
        }
    }

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
        purl?.Contains('?') == true
        && purl.Split('#')[0].Split('?', 2) is [_, var qualifiers] && qualifiers.Split('&')
            .FirstOrDefault(x => x.StartsWith($"{name}=", StringComparison.Ordinal)) is { } qualifier
            ? Uri.UnescapeDataString(qualifier[(name.Length + 1)..]) : null;

    /// <summary>The first of each name.</summary>
    public static Dictionary<string, string> PropertiesOf(JsonElement component)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in Items(component, "properties"))
            properties.TryAdd(Text(property, "name") ?? "", Text(property, "value") ?? "");
        return properties;
    }

    /// <summary><c>sha256:…</c>; null where it does not say.</summary>
    public static string? DigestOf(JsonElement component) => Items(component, "hashes")
        .Where(x => Text(x, "alg") == "SHA-256").Select(x => $"sha256:{Text(x, "content")}").FirstOrDefault();

    public static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Those of an array; none of what is none. No list is made: documents have thousands of them.</summary>
    public static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : default;
}
