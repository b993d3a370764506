using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Sbom;
using OpenStack.Signing;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Two images → what one has that the other has not.</summary>
interface ISbomDiff : IHazFrom, IHazRegistry, IHazTrust, IHazSelection
{
    [Parameter("SbomDiff: an image (OCI layout, or reference in a registry), an SBOM (.cdx.json), or a directory of "
        + "SBOMs that --from is compared with")]
    string? To => TryGetValue(() => To);

    /// <summary>Whether images are named one by one, and not selected.</summary>
    bool NamesImages => From is not null || To is not null || Service.Length == 0;

    Target SbomDiff => _ => _
        .Description("Compares what two images are made of, --from and --to, or the selected images with those "
            + "published for their release")
        .TryAfter<ISbom>(x => x.Sbom)
        .Executes(async () =>
        {
            if (!NamesImages)
            {
                foreach (var workspace in RequireServices(nameof(SbomDiff))) await CompareWithPublishedAsync(workspace);
                return;
            }

            (string? Value, string Name)[] given = [(From, "--from"), (To, "--to")];
            ProblemException.ThrowIfAny([.. given.Where(x => x.Value is null)
                .Select(x => new Problem($"{x.Name} is missing", Expected: "an image as OCI layout, or its SBOM"))]);
            var references = new SbomReferences(EnvironmentInfo.WorkingDirectory, OfPublishedAsync);
            Report(OpenStack.Sbom.SbomDiff.Of(From!, await references.OpenAsync(From!), To!,
                await references.OpenAsync(To!)), ArtifactsDirectory);
        });

    /// <summary>
    /// What publishing an image would change. The first one has nothing to be compared with, and not everybody may see
    /// what is published: that is no mistake of the image.
    /// </summary>
    async Task CompareWithPublishedAsync(Workspace workspace)
    {
        var (published, built) = (PublishedAs(workspace.Component) with { Tag = workspace.Release.Name },
            Inputs.Require(BuiltImage.Of(workspace).LayoutDirectory, nameof(IBuildService.BuildService)));
        var lists = await new SbomReferences(RootDirectory).OpenAsync(built);
        try
        {
            Report(OpenStack.Sbom.SbomDiff.Of($"{published}", await OfPublishedAsync($"{published}"), ShownAs(built),
                lists), workspace.Directory);
        }
        catch (ProblemException e)
        {
            Log.Warning("{Workspace} is not compared with what is published: {Problem}", workspace,
                e.Problems[0].Found);
            Results.Page(() => $"## What changed\n\n{workspace} is not compared with what is published: "
                + $"{TextTable.Escape(e.Problems[0].Found)}\n");
            ReportSummary(x => x.AddPair("Components", "nothing to compare with"));
        }
    }

    void Report(OpenStack.Sbom.SbomDiff diff, AbsolutePath directory)
    {
        foreach (var platform in diff.Platforms.Where(x => x.Changes.Count > 0))
        {
            if (diff.Platforms.Count > 1) Log.Information("{Architecture}", platform.Architecture);
            foreach (var line in OpenStack.Sbom.SbomDiff.TableOf(platform).Lines) Console.WriteLine(line);
        }

        Results.Page(diff.ToMarkdown);
        AtomicFile.WriteText(directory / "sbom-diff.json", diff.ToJson());
        AtomicFile.WriteText(directory / "sbom-diff.md", diff.ToMarkdown());
        Log.Information("The same is in {Json} and {Markdown}", ShownAs(directory / "sbom-diff.json"),
            ShownAs(directory / "sbom-diff.md"));
        ReportSummary(x => x.AddPair("Components", diff.Summary()));
    }

    /// <summary>Those that the one has signed whose signatures count; where nothing says who that is, the only ones
    /// that there are.</summary>
    async Task<IReadOnlyList<BomList>> OfPublishedAsync(string image)
    {
        var reference = RegistryReference.Parse(image);
        var trust = HasTrust ? Trust : null;
        var key = trust is null ? null : await TrustedKeyAsync(trust);
        // What can be judged here takes no cosign.
        var offline = key is { CanVerify: false } ? await OfflineConfigurationAsync() : null;
        using var client = IHazRegistry.Open(reference.Registry);
        var sboms = await new AttachedSboms(CosignProgram, trust, key, offline).OfAsync(client, reference);
        foreach (var doubt in sboms.Select(x => x.Doubt).OfType<string>()) Log.Information("{Doubt}", doubt);
        return [.. sboms.Select(x => BomList.Parse(x.Json, $"{image} {x.Platform}"))];
    }
}
