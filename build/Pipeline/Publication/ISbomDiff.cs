using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Sbom;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Two images → what one has that the other has not.</summary>
interface ISbomDiff : IHazTo, IHazSboms, IHazSelection
{
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

            var (from, to) = Compared;
            var references = new SbomReferences(EnvironmentInfo.WorkingDirectory, PublishedSbomsAsync);
            Report(OpenStack.Sbom.SbomDiff.Of(from, await references.OpenAsync(from), to,
                await references.OpenAsync(to)), ArtifactsDirectory);
        });

    /// <summary>
    /// What publishing an image would change. The first one has nothing to be compared with, and not everybody may see
    /// what is published: that is no mistake of the image.
    /// </summary>
    async Task CompareWithPublishedAsync(Workspace workspace)
    {
        var (published, built) = (PublishedAs(workspace.Component) with { Tag = workspace.Release.Name },
            Inputs.Require(BuiltImage.Of(workspace).LayoutDirectory, nameof(IBuildService.BuildService)));
        var references = new SbomReferences(RootDirectory, PublishedSbomsAsync);
        var lists = await references.OpenAsync(built);
        try
        {
            Report(OpenStack.Sbom.SbomDiff.Of($"{published}", await references.OpenAsync($"{published}"),
                ShownAs(built), lists), workspace.Directory);
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
}
