using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using Nuke.Components;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Sbom;
using OpenStack.Signing;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>Two images → what one has that the other has not.</summary>
interface ISbomDiff : IHazFrom, IHazArtifacts
{
    [Parameter("SbomDiff: an image (OCI layout, or reference in a registry), an SBOM (.cdx.json), or a directory of SBOMs that --from is compared with")]
    string? To => TryGetValue(() => To);

    Target SbomDiff => _ => _
        .Description("Compares what two images are made of, --from and --to: added, removed, changed and patched components")
        .Executes(async () =>
        {
            (string? Value, string Name)[] given = [(From, "--from"), (To, "--to")];
            ProblemException.ThrowIfAny([.. given.Where(x => x.Value is null).Select(x => new Problem($"{x.Name} is missing", Expected: "an image as OCI layout, or its SBOM"))]);
            var references = new SbomReferences(EnvironmentInfo.WorkingDirectory, OfPublishedAsync);
            var diff = OpenStack.Sbom.SbomDiff.Of(From!, await references.OpenAsync(From!), To!, await references.OpenAsync(To!));
            foreach (var platform in diff.Platforms.Where(x => x.Changes.Count > 0))
            {
                if (diff.Platforms.Count > 1) Log.Information("{Architecture}", platform.Architecture);
                foreach (var line in OpenStack.Sbom.SbomDiff.TableOf(platform).Lines) Console.WriteLine(line);
            }

            Results.Page(diff.ToMarkdown());
            AtomicFile.WriteText(ArtifactsDirectory / "sbom-diff.json", diff.ToJson());
            AtomicFile.WriteText(ArtifactsDirectory / "sbom-diff.md", diff.ToMarkdown());
            Log.Information("The same is in {Json} and {Markdown}", "artifacts/sbom-diff.json", "artifacts/sbom-diff.md");
            ReportSummary(x => x.AddPair("Components", diff.Summary()));
        });

    static async Task<IReadOnlyList<BomList>> OfPublishedAsync(string image)
    {
        var reference = RegistryReference.Parse(image);
        using var client = IHazRegistry.Open(reference.Registry);
        return [.. (await AttachedSboms.OfAsync(client, reference)).Select(x => BomList.Parse(x.Json, $"{image} {x.Platform}"))];
    }
}
