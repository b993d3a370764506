using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>The service images.</summary>
interface IBuildService : IBuildLibraries
{
    Target BuildService => _ => _
        .Description("Builds the selected services as OCI layouts in one BuildKit graph")
        .DependsOn<IBuildBase>(x => x.BuildBase)
        .DependsOn<IBuildLibraries>(x => x.BuildLibraries)
        .DependsOn<IPatch>(x => x.Patch)
        .DependsOn<IConstrain>(x => x.Constrain)
        .Executes(async () =>
        {
            var all = new List<(ServiceImage Image, TimeSpan? Built)>();
            foreach (var platform in Platforms)
            {
                var watch = Stopwatch.StartNew();
                var images = Selection.Select(x => ImageOf(x, platform)).ToList();
                var made = await new ServiceImages(SettingsFor(platform), BasesFor(platform)).BuildAsync(images, Buildx, NoCache, () => Log.Information("Another run builds this image; waiting for it ..."));
                foreach (var image in images)
                {
                    var layout = OciLayout.Open(image.LayoutDirectory);
                    Log.Information("{Service} {Release} {Version} {Platform} {Digest} ({State})", image.Service, image.Release, image.Version, platform, layout.Digest,
                        made.Contains(image) ? $"built, {layout.ReadManifest().Size / 1_000_000} MB, {RootDirectory.GetRelativePathTo(image.LayoutDirectory)}" : "up to date");
                }

                all.AddRange(images.Select(x => (x, made.Contains(x) ? watch.Elapsed : (TimeSpan?)null)));
            }

            Results.Page(() => $"### Images\n\n{ImageTable.Of(all).Markdown}");
            foreach (var image in Selection.Select(BuiltImage.Of))
            {
                await image.JoinAsync(Platforms);
                if (Platforms.Count > 1) Log.Information("{Image} {Digest} ({Platforms})", image, image.Open().Digest, string.Join(", ", Platforms));
            }

            var built = all.Where(x => x.Built is not null).Select(x => $"{x.Image.Service} {x.Image.Release}").Distinct().ToList();
            ReportSummary(x => x.AddPair("Built", built.Count == 0 ? "nothing, up to date" : string.Join(", ", built)));
        });

    /// <summary>What is published of a selection, the base first: its layers are part of all the others.</summary>
    IReadOnlyList<BuiltImage> Images => [PythonBase, .. Selection.Select(BuiltImage.Of)];

    /// <summary>Everything that an image is built from, as the stages before left it.</summary>
    ServiceImage ImageOf(Workspace workspace, string platform)
    {
        var sealedFile = Inputs.Require(workspace.SourceDirectory / "sealed.json", nameof(Patch));
        var source = SealedTree.Read(sealedFile).Source;
        CheckDistribution(workspace, source.Distribution);
        var packages = workspace.Release.PackagesOf(workspace.Component);
        return new ServiceImage(
            workspace.Component,
            workspace.Release.Name,
            source.Version,
            source.Source.Revision,
            source.Source.Remote,
            source.CommittedAt,
            source.Distribution,
            workspace.SourceDirectory / "tree",
            Digest.OfFile(sealedFile),
            Inputs.Require(workspace.ConstraintsDirectory, nameof(Constrain)))
        {
            Directory = workspace.PlatformDirectory(platform),
            PipExtras = packages.PipExtras,
            PipPackages = packages.PipPackages,
            AptPackages = [.. SystemPackagesOf(ServiceImages.Shared, workspace.Component).Union(packages.AptPackagesFor(BindepPlatform.Of(Distro)))],
            Data = Catalog.ImageData[workspace.Component],
            Wheelhouse = WheelhouseFor(platform),
            LibrariesDirectory = Libraries.Any(x => x.Release == workspace.Release) ? Inputs.Require(workspace.LibrariesDirectory(platform), nameof(BuildLibraries)) : null,
        };
    }

    /// <summary>Entry points that belong to another distribution would be checked in vain.</summary>
    static void CheckDistribution(Workspace workspace, string distribution)
    {
        if (workspace.Release.EntryPointsOf(workspace.Component) is not { } entryPoints || PythonName.Of(entryPoints.Distribution) == PythonName.Of(distribution)) return;
        throw new ProblemException(new Problem($"the distribution of {workspace.Component} is {entryPoints.Distribution} here, and {distribution} in its source",
            $"releases/{workspace.Release.Name}/{EntryPointsFile.Name}", Remedy: $"Write 'distribution: {distribution}'"));
    }
}
