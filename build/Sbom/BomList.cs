using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sbom;

/// <summary>One component of an SBOM, of whatever maker.</summary>
/// <param name="Key">
/// What it is, whatever its version: its purl without version and qualifiers, or type and name.
/// </param>
/// <param name="Reference">Its <c>bom-ref</c>; empty where it has none.</param>
/// <param name="Patches">
/// Names and digests of its patches; of an SBOM that does not say them, a digest of what it says.
/// </param>
sealed record ListedComponent(string Key, string Name, string Version, string Reference,
    IReadOnlyDictionary<string, string> Patches);

/// <summary>An SBOM as far as two of them are compared.</summary>
/// <param name="SerialNumber">Empty where it has none.</param>
/// <param name="Digest">Of the image's manifest; null where it does not say.</param>
/// <param name="Architecture">Null where it does not say.</param>
sealed record BomList(string SerialNumber, string? Digest, string? Architecture,
    IReadOnlyList<ListedComponent> Components)
{
    /// <exception cref="ProblemException">The file is missing, or no CycloneDX document.</exception>
    public static BomList Read(AbsolutePath file, string shownAs) => Parse(Utf8File.Read(file, shownAs), shownAs);

    /// <exception cref="ProblemException">The text is no CycloneDX document.</exception>
    public static BomList Parse(string text, string shownAs)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (Text(json.RootElement, "bomFormat") != "CycloneDX")
                throw new JsonException("bomFormat is not CycloneDX");
            var image = Member(Member(json.RootElement, "metadata"), "component");
            var purl = Text(image, "purl") ?? "";
            return new BomList(
                Text(json.RootElement, "serialNumber") ?? "",
                Items(image, "hashes")
                    .Where(x => Text(x, "alg") == "SHA-256")
                    .Select(x => $"sha256:{Text(x, "content")}")
                    .FirstOrDefault(),
                purl.Split('?', 2) is [_, var qualifiers]
                    ? qualifiers.Split('#')[0]
                        .Split('&')
                        .FirstOrDefault(x => x.StartsWith("arch=", StringComparison.Ordinal))?["arch=".Length..]
                    : null,
                [.. Items(json.RootElement, "components").SelectMany(WithParts).Select(Component)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException(new Problem($"this is no CycloneDX document in JSON: {e.Message}", shownAs), e);
        }
    }

    /// <summary>JSON is no deeper than the parser lets it be, so neither is this.</summary>
    static IEnumerable<JsonElement> WithParts(JsonElement component) =>
        Items(component, "components").SelectMany(WithParts).Prepend(component);

    static ListedComponent Component(JsonElement json)
    {
        var (name, version) = (Text(json, "name") ?? "", Text(json, "version") ?? "");
        var patches = Items(json, "properties")
            .Select(x => (Name: Text(x, "name") ?? "", Value: Text(x, "value") ?? ""))
            .Where(x => x.Name.StartsWith(BomProperties.Patch, StringComparison.Ordinal))
            .DistinctBy(x => x.Name)
            .ToDictionary(x => x.Name[BomProperties.Patch.Length..], x => x.Value, StringComparer.Ordinal);
        if (patches.Count == 0 && Items(Member(json, "pedigree"), "patches") is { Count: > 0 } foreign)
            patches[foreign.Count == 1 ? "1 patch" : $"{foreign.Count} patches"] = Storage.Digest.OfText(string.Join(
                '\n', foreign.Select(x => x.GetRawText())));
        return new ListedComponent(KeyOf(Text(json, "purl")) ?? $"{Text(json, "type")}/{name}", name, version,
            Text(json, "bom-ref") ?? "", patches);
    }

    /// <summary>The version stands behind the last <c>@</c>; one in a name is escaped.</summary>
    static string? KeyOf(string? purl)
    {
        if (purl is null || !purl.StartsWith("pkg:", StringComparison.Ordinal)) return null;
        var plain = purl["pkg:".Length..].Split('?', '#')[0];
        return plain.LastIndexOf('@') is var at and > 0 ? plain[..at] : plain;
    }

    static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    static string? Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    static List<JsonElement> Items(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : [];
}
