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
    public static BomList Parse(string text, string shownAs) => BomJson.Read(text, shownAs, Of);

    static BomList Of(JsonElement document)
    {
        var image = BomJson.SubjectOf(document);
        return new BomList(BomJson.Text(document, "serialNumber") ?? "", BomJson.DigestOf(image),
            BomJson.QualifierOf(BomJson.Text(image, "purl"), "arch"),
            BomJson.Components(document, Component));
    }

    static ListedComponent Component(JsonElement json)
    {
        var patches = BomJson.PropertiesOf(json)
            .Where(x => x.Key.StartsWith(BomProperties.Patch, StringComparison.Ordinal))
            .ToDictionary(x => x.Key[BomProperties.Patch.Length..], x => x.Value, StringComparer.Ordinal);
        if (patches.Count == 0 && BomJson.Items(BomJson.Member(json, "pedigree"), "patches")
            .Select(x => x.GetRawText()).ToList() is { Count: > 0 } foreign)
            patches[foreign.Count == 1 ? "1 patch" : $"{foreign.Count} patches"] =
                Storage.Digest.OfText(string.Join('\n', foreign));
        return new ListedComponent(BomJson.KeyOf(json), BomJson.Text(json, "name") ?? "",
            BomJson.Text(json, "version") ?? "", BomJson.Text(json, "bom-ref") ?? "", patches);
    }
}
