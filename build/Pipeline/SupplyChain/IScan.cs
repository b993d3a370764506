using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Sbom;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>SBOM → known vulnerabilities, and those among them that patches have mended.</summary>
interface IScan : ISbom
{
    AbsolutePath ScanPolicyPath => ImagesDirectory / ScanPolicyFile.Name;

    Target Scan => _ => _
        .Description("Looks for known vulnerabilities in the selected images with Grype, by images/scan.yaml; patches "
            + "that name one are written as VEX")
        .DependsOn<ISbom>(x => x.Sbom)
        .Executes(async () =>
        {
            var services = RequireServices(nameof(Scan));
            var policy = ScanPolicyFile.Parse(Utf8File.Read(ScanPolicyPath, ShownAs(ScanPolicyPath)),
                ShownAs(ScanPolicyPath), DateOnly.FromDateTime(DateTime.UtcNow));
            // What does not need the scanner comes before it: it may not be there.
            var sboms = Each(services, x => x, x => SbomsOf(x).Select(y => (Workspace: x, Sbom: y)).ToList())
                .SelectMany(x => x);
            var work = sboms.Select(x => (x.Workspace, x.Sbom, Mended: WriteVex(x.Workspace, x.Sbom))).ToList();
            var problems = new List<(Workspace? Of, Problem Problem)>();
            foreach (var (workspace, sbom, mended) in work)
                problems.AddRange((await ScanAsync(workspace, sbom, mended, policy)).Select(x => (workspace, x))!);
            ReportSummary(x =>
                x.AddPair("Vulnerabilities", problems.Count == 0 ? "none that count" : $"{problems.Count} that count"));
            FailIfAny(problems);
        });

    /// <summary>The SBOMs of an image, one for each platform that it has; a platform without one would not be looked
    /// at.</summary>
    static IReadOnlyList<AbsolutePath> SbomsOf(Workspace workspace)
    {
        var image = BuiltImage.Of(workspace);
        var platforms = image.Open().Manifests();
        if (platforms.Count == 0)
            throw new ProblemException($"the image of {workspace} has no platform",
                $"Run the target {nameof(BuildService)} first");
        return Problems.Collect(platforms, x => SbomOf(image, x));
    }

    static AbsolutePath ScanFileOf(Workspace workspace, AbsolutePath sbom, string extension) =>
        BuiltImage.Of(workspace).ScanDirectory / sbom.Name.Replace(".cdx.json", extension, StringComparison.Ordinal);

    IReadOnlyList<MendedVulnerability> WriteVex(Workspace workspace, AbsolutePath sbom)
    {
        var list = BomList.Read(Inputs.Require(sbom, nameof(Sbom)), ShownAs(sbom));
        var mended = MendedIn(workspace, list);
        var file = ScanFileOf(workspace, sbom, ".vex.cdx.json");
        AtomicFile.WriteText(file, SbomFiles.Vex(BuiltImage.Of(workspace).Open(), list,
            VexSubjectOf(workspace), mended, SbomFiles.VersionOf(CyclonedxVersion)));
        Log.Information("{File}: {Count} vulnerabilities are mended by patches", ShownAs(file), mended.Count);
        return mended;
    }

    async Task<IEnumerable<Problem>> ScanAsync(Workspace workspace, AbsolutePath sbom,
        IReadOnlyList<MendedVulnerability> mended, ScanPolicy policy)
    {
        var findings = await new Grype()
            .ScanAsync(sbom, ScanFileOf(workspace, sbom, ".grype.json"), ScanFileOf(workspace, sbom, ".sarif"));
        var left = findings.Where(x => !mended.Any(y => x.Ids.Contains(y.Id, StringComparer.OrdinalIgnoreCase)
            && x.Component == y.Component.Name)).ToList();
        Log.Information("{Workspace}: {Count} vulnerabilities, {Mended} of them mended ({File})", workspace,
            findings.Count, findings.Count - left.Count, ShownAs(ScanFileOf(workspace, sbom, ".sarif")));
        return policy.Violations(workspace.Component, left)
            .Select(x => new Problem(
                $"{workspace}: {x.Component} {x.Version} has {x.Ids[0]}, {x.Severity.ToString().ToLowerInvariant()}",
                Remedy: x.FixedIn.Count > 0
                    ? $"Fixed in {string.Join(", ", x.FixedIn)}"
                    : $"Patch it, or ignore it in {ShownAs(ScanPolicyPath)} with a reason"));
    }
}
