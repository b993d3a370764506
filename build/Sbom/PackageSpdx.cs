using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Sbom;

/// <summary>
/// The same as <see cref="PackageBom"/> as an SPDX document (spdx.github.io/spdx-spec/v2.3, JSON): a function of the
/// package. What nobody has concluded is <c>NOASSERTION</c>.
/// </summary>
public static partial class PackageSpdx
{
    const string Document = "SPDXRef-DOCUMENT", Package = "SPDXRef-Package", Unknown = "NOASSERTION";

    /// <param name="bundled">The distributions, that of the service among them.</param>
    public static string Of(BundlingPackage package, IReadOnlyList<DistributionFile> bundled)
    {
        var identity = package.Identity;
        var purl = Purl.OfPackage(identity.Format, "openstack-images", identity.Name, identity.Version,
            identity.Architecture, package.Distribution);
        var parts = bundled.Select(x => (File: x, Purl: Purl.OfPython(x.Name, x.Version))).DistinctBy(x => x.Purl)
            .OrderBy(x => x.Purl, StringComparer.Ordinal)
            .Select(x => (x.File, x.Purl,
                Id: "SPDXRef-Python-" + NoId().Replace($"{x.File.Name}-{x.File.Version}", "-")))
            .ToList();
        var number = ImageBom.SerialNumberOf($"{purl} {package.Sha256} spdx")["urn:uuid:".Length..];
        return ReadableJson.Text(new JsonObject
        {
            ["spdxVersion"] = "SPDX-2.3",
            ["dataLicense"] = "CC0-1.0",
            ["SPDXID"] = Document,
            ["name"] = $"{identity.Name} {identity.Version}",
            ["documentNamespace"] = $"https://spdx.org/spdxdocs/{identity.Name}-{number}",
            ["creationInfo"] = new JsonObject
            {
                ["created"] = package.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'",
                    CultureInfo.InvariantCulture),
                ["creators"] = new JsonArray("Tool: openstack-images-"
                    + typeof(PackageSpdx).Assembly.GetName().Version!.ToString(3)),
            },
            ["packages"] = new JsonArray(
            [
                Described(Package, identity.Name, identity.Version, purl, package.Sha256, "INSTALL",
                    SupplierOf(package.Publisher), $"git+{package.Source}"),
                .. parts.Select(x => Described(x.Id, x.File.Name, x.File.Version, x.Purl, x.File.Sha256, "LIBRARY",
                    Unknown, x.File.PublicUrl ?? Unknown)),
            ]),
            ["relationships"] = new JsonArray(
            [
                Relation(Document, "DESCRIBES", Package),
                .. parts.Select(x => Relation(Package, "CONTAINS", x.Id)),
            ]),
        });
    }

    static JsonObject Described(string id, string name, string version, string purl, string sha256, string purpose,
        string supplier, string location) => new()
        {
            ["SPDXID"] = id,
            ["name"] = name,
            ["versionInfo"] = version,
            ["supplier"] = supplier,
            ["downloadLocation"] = location,
            ["filesAnalyzed"] = false,
            ["checksums"] = new JsonArray(new JsonObject
            {
                ["algorithm"] = "SHA256",
                ["checksumValue"] = sha256,
            }),
            ["licenseConcluded"] = Unknown,
            ["licenseDeclared"] = Unknown,
            ["copyrightText"] = Unknown,
            ["primaryPackagePurpose"] = purpose,
            ["externalRefs"] = new JsonArray(new JsonObject
            {
                ["referenceCategory"] = "PACKAGE-MANAGER",
                ["referenceType"] = "purl",
                ["referenceLocator"] = purl,
            }),
        };

    static JsonObject Relation(string from, string kind, string to) => new()
    {
        ["spdxElementId"] = from,
        ["relationshipType"] = kind,
        ["relatedSpdxElement"] = to,
    };

    /// <summary><c>Organization: Name (address)</c> (7.5).</summary>
    static string SupplierOf(string publisher)
    {
        var supplier = BomParts.Supplier(publisher);
        return $"Organization: {supplier.Name}"
            + (supplier.Contact is [{ Email: { } email }, ..] ? $" ({email})" : "");
    }

    /// <summary>An identifier has letters, digits, dots and hyphens (3.2).</summary>
    [GeneratedRegex("[^A-Za-z0-9.-]")]
    private static partial Regex NoId();
}
