using CycloneDX;
using CycloneDX.Json;
using CycloneDX.Models;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>
/// The directory of an image's SBOMs: <c>&lt;os&gt;-&lt;arch&gt;.cdx.json</c> for each of its platforms.
/// </summary>
static class SbomFiles
{
    static readonly OrderedDictionary<string, SpecificationVersion> s_versions = new()
    {
        ["1.5"] = SpecificationVersion.v1_5,
        ["1.6"] = SpecificationVersion.v1_6,
        ["1.7"] = SpecificationVersion.v1_7,
    };

    /// <summary>The versions of CycloneDX that this writes: <c>1.6</c>.</summary>
    public static IReadOnlyList<string> Versions => [.. s_versions.Keys];

    /// <exception cref="ProblemException">It is none that this writes.</exception>
    public static SpecificationVersion VersionOf(string text) => s_versions.TryGetValue(text, out var version)
        ? version
        : throw new ProblemException(new Problem($"--cyclonedx-version has the value '{text}'",
            Expected: $"{string.Join(", ", Versions.SkipLast(1))} or {Versions[^1]}"));

    /// <param name="platform"><c>linux/amd64</c>.</param>
    public static string NameOf(string platform) => $"{PlatformName.ForFiles(platform)}.cdx.json";

    /// <summary>Writes the SBOM of each platform.</summary>
    /// <param name="directory">Is made.</param>
    /// <returns>What they do not say, by platform (<see cref="BomWarnings"/>).</returns>
    /// <exception cref="ProblemException">The image cannot be read.</exception>
    public static IReadOnlyList<(string Platform, string Warning)> Write(
        OciLayout layout, BomSubject subject, SpecificationVersion version, AbsolutePath directory)
    {
        Directory.CreateDirectory(directory);
        var warnings = new List<(string, string)>();
        foreach (var descriptor in layout.Manifests())
        {
            var manifest = layout.ReadManifest(descriptor.Digest);
            var inventory = Inventory.Read(layout, manifest);
            var platform = descriptor.Platform ?? inventory.Config.Platform;
            var bom = ImageBom.Of(inventory, subject, version);
            File.WriteAllText(directory / NameOf(platform), Text(bom));
            warnings.AddRange(BomWarnings.Of(bom).Select(x => (platform, x)));
        }

        return warnings;
    }

    /// <summary>
    /// What the patches of an image mean for the vulnerabilities that they name, as <see cref="Sbom.Vex"/>.
    /// </summary>
    /// <param name="sbom">That of one of the image's platforms.</param>
    public static string Vex(OciLayout layout, BomList sbom, BomSubject subject,
        IReadOnlyList<MendedVulnerability> mended, SpecificationVersion version)
    {
        var manifest = layout.ReadManifest(sbom.Digest!);
        var config = layout.ReadConfig(manifest);
        return Text(Sbom.Vex.Of(sbom, ImageBom.ImageOf(manifest, config, subject),
            config.Created.UtcDateTime, mended, version));
    }

    /// <summary>The same as <see cref="Sbom.OpenVex"/>.</summary>
    /// <param name="mended">At least one.</param>
    public static string OpenVex(OciLayout layout, BomList sbom, BomSubject subject,
        IReadOnlyList<MendedVulnerability> mended)
    {
        var manifest = layout.ReadManifest(sbom.Digest!);
        var config = layout.ReadConfig(manifest);
        return Sbom.OpenVex.Of(sbom, ImageBom.ImageOf(manifest, config, subject), config.Created.UtcDateTime, mended);
    }

    /// <summary>JSON, two-space indent, with a final newline, the same on every system.</summary>
    public static string Text(Bom bom) =>
        Serializer.Serialize(bom, unsafeRelaxedJsonEscaping: true).ReplaceLineEndings("\n") + "\n";
}
