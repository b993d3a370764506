using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.IO;
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
            foreach (var platform in Platforms) all.AddRange(await BuildImagesAsync(platform));
            Results.Page(() => $"### Images\n\n{ImageTable.Of(all).Markdown}");
            await JoinAsync(Selection.Select(BuiltImage.Of));
            ReportBuilt(all.Where(x => x.Built is not null).Select(x => $"{x.Image.Service} {x.Image.Release}"));
        });

    /// <summary>
    /// The selected images of one platform, each with the time that the graph took which built it; null where it was up
    /// to date.
    /// </summary>
    async Task<IReadOnlyList<(ServiceImage Image, TimeSpan? Built)>> BuildImagesAsync(string platform)
    {
        var watch = Stopwatch.StartNew();
        var all = Each(Selection, x => x, x => (Of: x, Image: ImageOf(x, platform)));
        foreach (var image in all.Select(x => x.Image).OfType<PythonImage>())
            Inputs.Require(image.DependenciesDirectory, nameof(BuildWheels));
        var made = await TogetherAsync(all, x => ServiceImages.NameOf(x.Image), x => [x.Of],
            left => new ServiceImages(SettingsFor(platform), BasesFor(platform)).BuildAsync(
                [.. left.Select(x => x.Image)], Buildx, NoCache, () => TellWaiting("this image")));
        var images = all.Where(x => Selection.Contains(x.Of)).Select(x => x.Image).ToList();
        foreach (var image in images)
        {
            Run.Outcome.Have(new(image.Service, image.Release), made.Contains(image));
            var layout = OciLayout.Open(image.LayoutDirectory);
            Log.Information("{Service} {Release} {Version} {Platform} {Digest} ({State})", image.Service, image.Release,
                image.Version, platform, layout.Digest, made.Contains(image)
                    ? $"built, {layout.ReadManifest().Size / 1_000_000} MB, {ShownAs(image.LayoutDirectory)}"
                    : "up to date");
        }

        return [.. images.Select(x => (x, made.Contains(x) ? watch.Elapsed : (TimeSpan?)null))];
    }

    async Task JoinAsync(IEnumerable<BuiltImage> images)
    {
        foreach (var image in images)
        {
            await image.JoinAsync(Platforms);
            if (Platforms.Count > 1)
                Log.Information("{Image} {Digest} ({Platforms})", image, image.Open().Digest,
                    string.Join(", ", Platforms));
        }
    }

    /// <summary>What is published of a selection, the base first: its layers are part of all the others.</summary>
    IReadOnlyList<BuiltImage> Images => [PythonBase, .. Selection.Select(BuiltImage.Of)];
}
