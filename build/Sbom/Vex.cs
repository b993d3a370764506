using CycloneDX;
using CycloneDX.Models;
using CycloneDX.Models.Vulnerabilities;
using OpenStack.Sources;

namespace OpenStack.Sbom;

/// <summary>A vulnerability that a patch mends in a component of an image.</summary>
sealed record MendedVulnerability(string Id, AppliedPatch Patch, ListedComponent Component);

/// <summary>
/// What the patches of an image mean for the vulnerabilities that they name, as a VEX document (CycloneDX
/// "Vulnerability Exploitability Exchange") that refers to the image's SBOM by BOM-Link.
/// </summary>
static class Vex
{
    /// <summary>The vulnerabilities that patches name, of components that the image has with these patches.</summary>
    /// <param name="sbom">The image's.</param>
    /// <param name="sources">What was built from source.</param>
    public static IReadOnlyList<MendedVulnerability> MendedIn(BomList sbom, IEnumerable<BuiltSource> sources) =>
    [
        .. from source in sources
           let key = BomJson.KeyOf(source.PurlOf(source.Tree.Source.Version, isThat: false))
           from component in sbom.Components.Where(x => x.Key == key && x.Patches.Count > 0)
           from patch in source.Tree.Patches.Where(x => component.Patches.GetValueOrDefault(x.Name) == x.Digest)
           from id in patch.Header.Vulnerabilities
           orderby id, component.Key, patch.Name
           select new MendedVulnerability(id, patch, component),
    ];

    /// <param name="image">The component that the SBOM is of, and when it was made.</param>
    /// <param name="version">Of CycloneDX.</param>
    public static Bom Of(BomList sbom, Component image, DateTime created, IReadOnlyList<MendedVulnerability> mended,
        SpecificationVersion version) =>
        new()
        {
            SerialNumber = ImageBom.SerialNumberOf($"{sbom.Digest} vex"),
            Version = 1,
            Metadata = new Metadata
            {
                Timestamp = created,
                Tools = ImageBom.Tools(),
                Authors = [new OrganizationalContact { Name = image.Supplier!.Name }],
                Component = image,
            },
            Vulnerabilities = mended.Count == 0
                ? null
                : [.. mended.GroupBy(x => (x.Id, x.Component.Reference)).Select(x => Entry(sbom, [.. x]))],
            SpecVersion = version,
        };

    static Vulnerability Entry(BomList sbom, IReadOnlyList<MendedVulnerability> mended) => new()
    {
        BomRef = $"{mended[0].Id} {mended[0].Component.Name}",
        Id = mended[0].Id,
        Source = SourcePedigree.SourceOf(mended[0].Id),
        Description = SourcePedigree.SubjectOf(mended[0].Patch),
        Analysis = new Analysis
        {
            State = ImpactAnalysisState.Resolved,
            // CycloneDX.Core writes one always.
            Justification = ImpactAnalysisJustification.Code_Not_Present,
            Response = [Response.Update],
            Detail = DetailOf(mended),
        },
        Affects = [new Affects
        {
            Ref = $"urn:cdx:{sbom.SerialNumber["urn:uuid:".Length..]}/1#"
                + $"{Uri.EscapeDataString(mended[0].Component.Reference)}",
        }],
    };

    /// <summary>What mends a vulnerability in a component.</summary>
    public static string DetailOf(IReadOnlyList<MendedVulnerability> mended) =>
        $"{mended[0].Component.Name} {mended[0].Component.Version} is built with "
        + $"{string.Join(", ", mended.Select(x => $"{x.Patch.Name} ({x.Patch.Digest}{Origin(x.Patch)})"))}";

    static string Origin(AppliedPatch patch) =>
        patch.Header.CherryPickedFrom is [var commit, ..] ? $", cherry-picked from {commit}" : "";
}
