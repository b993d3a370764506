using System.Globalization;
using System.Text.Json.Nodes;
using CycloneDX.Models;
using OpenStack.Storage;

namespace OpenStack.Sbom;

/// <summary>
/// What the patches of an image mean for the vulnerabilities that they name, as an OpenVEX document
/// (github.com/openvex/spec, version 0.2.0). Its time is that of the image.
/// </summary>
static class OpenVex
{
    /// <summary>Context, and version, of the document.</summary>
    public const string Context = "https://openvex.dev/ns/v0.2.0";

    /// <param name="image">The component that the SBOM is of, and when it was made.</param>
    /// <param name="mended">At least one.</param>
    /// <returns>The document, with a final newline.</returns>
    public static string Of(BomList sbom, Component image, DateTime created,
        IReadOnlyList<MendedVulnerability> mended) => ReadableJson.Text(new JsonObject
        {
            ["@context"] = Context,
            ["@id"] = ImageBom.SerialNumberOf($"{sbom.Digest} openvex"),
            ["author"] = image.Supplier!.Name,
            ["timestamp"] = created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["version"] = 1,
            ["statements"] = new JsonArray([.. mended.GroupBy(x => (x.Id, x.Component.Reference))
                .Select(x => Statement(image, [.. x]))]),
        });

    static JsonObject Statement(Component image, IReadOnlyList<MendedVulnerability> mended) => new()
    {
        ["vulnerability"] = new JsonObject
        {
            ["@id"] = SourcePedigree.SourceOf(mended[0].Id).Url,
            ["name"] = mended[0].Id,
        },
        ["products"] = new JsonArray(new JsonObject
        {
            ["@id"] = image.Purl,
            ["subcomponents"] = new JsonArray(new JsonObject { ["@id"] = PurlOf(mended[0].Component) }),
        }),
        ["status"] = "fixed",
        ["status_notes"] = Vex.DetailOf(mended),
    };

    static string PurlOf(ListedComponent component) => $"pkg:{component.Key}@{Uri.EscapeDataString(component.Version)}";
}
