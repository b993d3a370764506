using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>Builds service images on top of the base images, all that are not up to date in one BuildKit graph.</summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class ServiceImages(ImageSettings settings, BaseImages bases)
{
    /// <summary>The image that every service image begins with: its directory, the context that it comes in as, and the profile of its packages.</summary>
    public const string Shared = "service";

    static readonly Dictionary<string, string[]> s_needed = new() { ["closure"] = ["dependencies.txt", "wheels"] };

    /// <param name="images">What to build.</param>
    /// <param name="buildx">What builds it.</param>
    /// <param name="again">Build all of it without looking at inputs or caches.</param>
    /// <param name="onWait">Called when another run builds one of them already.</param>
    /// <returns>The images that were built.</returns>
    public async Task<IReadOnlyList<ServiceImage>> BuildAsync(
        IReadOnlyList<ServiceImage> images,
        Buildx buildx,
        bool again,
        Action onWait)
    {
        var (pythonBase, venvBuilder) = (bases.Open(BaseImages.PythonBase), bases.Open(BaseImages.VenvBuilder));
        var stages = images.ToDictionary(x => x.StageOf(settings, pythonBase, venvBuilder.Digest));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var exported = work.ToDictionary(x => stages[x.Stage], x => new ExportedImage(x.Aside));
            var targets = Graph([.. exported.Select(x => (x.Key, x.Value.Directory))], pythonBase, venvBuilder);
            // Beside the first image, whose lock is ours: another run's graph cannot come between writing and reading it.
            var directory = stages[work[0].Stage].Directory;
            await buildx.BakeAsync(targets, directory / "bake.json", directory / "build.log", noCache: again);
            var baseDiffIds = pythonBase.ReadConfig().DiffIds;
            // Most of an image's time goes into its largest layer, on one core.
            await Parallel.ForEachAsync(exported, async (x, _) =>
                await x.Value.AcceptAsync(baseDiffIds, x.Key.EpochOn(pythonBase), compress: true, pythonBase, earlier: again ? null : x.Key.LayoutDirectory));
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }

    /// <summary>The graph of some images: for each, what every service image begins with, and the image itself on top of it.</summary>
    /// <exception cref="ProblemException">The Dockerfiles ask for what is not there.</exception>
    public IReadOnlyDictionary<string, BakeTarget> Graph(IReadOnlyList<(ServiceImage Image, AbsolutePath Output)> images, OciLayout pythonBase, OciLayout venvBuilder)
    {
        var targets = new Dictionary<string, BakeTarget>();
        var problems = new List<Problem>();
        foreach (var (image, output) in images)
        {
            var name = BakeFile.TargetName(image.Service, image.Release);
            var (shared, own) = TargetsOf(image, output, pythonBase, venvBuilder, sharedContext: $"target:{name}-{Shared}");
            problems.AddRange(settings.DockerfileOf(Shared).CheckContexts(shared.Contexts, s_needed));
            problems.AddRange(settings.DockerfileOf(image.Service).CheckContexts(own.Contexts));
            targets[$"{name}-{Shared}"] = shared;
            targets[name] = own;
        }

        ProblemException.ThrowIfAny(problems);
        return BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse);
    }

    (BakeTarget Shared, BakeTarget Own) TargetsOf(ServiceImage image, AbsolutePath output, OciLayout pythonBase, OciLayout venvBuilder, string sharedContext)
    {
        var epoch = image.EpochOn(pythonBase);
        var bases = new Dictionary<string, string> { [BaseImages.PythonBase] = pythonBase.Context, [BaseImages.VenvBuilder] = venvBuilder.Context };
        var inputs = new Dictionary<string, string>(bases)
        {
            ["closure"] = image.DependenciesDirectory,
            ["wheel"] = image.ClosureDirectory / "wheel",
        };
        if (image.Wheelhouse is not null) inputs[ImageSettings.Wheelhouse] = image.Wheelhouse;
        return (
            settings.TargetOf(Shared, epoch, output: null, inputs, args: image.Args),
            settings.TargetOf(image.Service, epoch, output, new(bases) { [Shared] = sharedContext }, labels: ImageLabels.Of(
                image.Service, epoch, settings.PythonBaseName, pythonBase.Digest, image.Version, image.Revision, image.Remote)));
    }
}
