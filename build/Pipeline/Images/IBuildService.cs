using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Images;
using OpenStack.Oci;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>The service images.</summary>
interface IBuildService : IBuildWheels
{
    Target BuildService => _ => _
        .Description("Builds the selected services as OCI layouts in one BuildKit graph")
        .DependsOn<IBuildBase>(x => x.BuildBase)
        .DependsOn<IBuildWheels>(x => x.BuildWheels)
        .Executes(async () =>
        {
            var all = new List<(ServiceImage Image, TimeSpan? Built)>();
            foreach (var platform in Platforms)
            {
                var watch = Stopwatch.StartNew();
                var images = Selection.Select(x => ImageOf(x, platform)).ToList();
                foreach (var image in images) Inputs.Require(image.DependenciesDirectory, nameof(BuildWheels));
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
}
