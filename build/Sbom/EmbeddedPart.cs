using System.Text.Json;
using System.Text.RegularExpressions;
using CycloneDX.Models;
using OpenStack.Oci;
using static CycloneDX.Models.Component;

namespace OpenStack.Sbom;

/// <summary>Something that an <see cref="EmbeddedSbom"/> lists.</summary>
/// <param name="Reference">How the document refers to it; empty where it does not.</param>
/// <param name="Component">As the document has it, without references.</param>
/// <param name="Dependencies">References of what it needs; null where the document does not say.</param>
sealed partial record EmbeddedPart(string Reference, Component Component, IReadOnlyList<string>? Dependencies)
{
    /// <summary>
    /// What is known of a component; members that CycloneDX would not admit are left out. Null without a name.
    /// </summary>
    /// <param name="edges">Dependencies by reference.</param>
    public static EmbeddedPart? Parse(JsonElement json, IReadOnlyDictionary<string, IReadOnlyList<string>> edges)
    {
        if (OciJson.Text(json, "name") is not { Length: > 0 } name) return null;
        var reference = OciJson.Text(json, "bom-ref") ?? "";
        var component = new Component
        {
            Type = TypeOf(OciJson.Text(json, "type")),
            Supplier = BomParts.Supplier(OciJson.Text(Member(json, "supplier"), "name")),
            Name = name,
            Version = OciJson.Text(json, "version"),
            Description = OciJson.Text(json, "description"),
            Hashes = Sha256Of(json) is { } digest ? BomParts.Sha256(digest) : null,
            Licenses = BomParts.Licenses([.. Items(json, "licenses").SelectMany(License).Distinct()]),
            Cpe = OciJson.Text(json, "cpe") is { } cpe && CpeName().IsMatch(cpe) ? cpe : null,
            Purl = OciJson.Text(json, "purl") is ['p', 'k', 'g', ':', ..] and var purl ? purl : null,
        };
        return new EmbeddedPart(reference, component, edges.GetValueOrDefault(reference));
    }

    /// <summary>Its items; none where it is no array.</summary>
    public static IReadOnlyList<JsonElement> Items(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];

    /// <summary>Of kind <see cref="JsonValueKind.Undefined"/> where there is none.</summary>
    public static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : default;

    static Classification TypeOf(string? text) =>
        Enum.TryParse<Classification>(text?.Replace('-', '_'), ignoreCase: true, out var type) && Enum.IsDefined(type)
            && type != Classification.Null ? type : Classification.Library;

    static string? Sha256Of(JsonElement json) => Items(json, "hashes").Where(x => OciJson.Text(x, "alg") == "SHA-256")
        .Select(x => OciJson.Text(x, "content")?.ToLowerInvariant())
        .FirstOrDefault(x => x is not null && Digits().IsMatch(x));

    static IReadOnlyList<LicenseText> License(JsonElement choice)
    {
        if (OciJson.Text(choice, "expression") is { } expression)
            return LicenseExpression.Parse(expression, isDebian: false);
        var license = Member(choice, "license");
        if ((OciJson.Text(license, "id") ?? OciJson.Text(license, "name")) is not { Length: > 0 } named) return [];
        var id = SpdxLicenses.IdOf(named, isDebian: false);
        return [new LicenseText(id ?? named, id is not null)];
    }

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Digits();

    /// <summary>CPE 2.3, formatted string binding.</summary>
    [GeneratedRegex(@"^cpe:2\.3:[aho*-](?::(?:[A-Za-z0-9._*?-]|\\[!-/:-@\[-`{-~])+){10}\z")]
    private static partial Regex CpeName();
}
