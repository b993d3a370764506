using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// Builds service images on top of the base images, all that are not up to date in one BuildKit graph.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class ServiceImages(ImageSettings settings, BaseImages bases)
{
    static readonly Dictionary<string, string[]> s_needed = new() { ["closure"] = ["dependencies.txt", "wheels"] };

    /// <summary>What problems with one are about.</summary>
    public static string NameOf(ServiceImage image) => BakeFile.TargetName(image.Service, image.Release);

    /// <param name="images">What to build.</param>
    /// <param name="buildx">What builds it.</param>
    /// <param name="again">Build all of it without looking at inputs or caches.</param>
    /// <param name="onWait">Called when another run builds one of them already.</param>
    /// <returns>The images that were built.</returns>
    public async Task<IReadOnlyList<ServiceImage>> BuildAsync(
        IReadOnlyList<ServiceImage> images,
        Buildx buildx,
        bool again,
        Func<IDisposable> onWait)
    {
        var (pythonBase, venvBuilder) = (bases.Open(BaseImages.PythonBase), bases.Open(BaseImages.VenvBuilder));
        var stages = images.ToDictionary(x => x.StageOf(settings, pythonBase, venvBuilder.Digest));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var exported = work.ToDictionary(x => stages[x.Stage], x => new ExportedImage(x.Aside, pythonBase));
            var targets = Graph([.. exported.Select(x => (x.Key, x.Value.Directory))], pythonBase, venvBuilder);
            // Beside the first image, whose lock is ours: another run's graph cannot come between writing and reading
            // it.
            await buildx.BakeAsync(targets, stages[work[0].Stage].Directory / "bake.json",
                exported.Keys.ToDictionary(NameOf, x => x.Directory / "build.log"), noCache: again);
            var baseDiffIds = pythonBase.ReadConfig().DiffIds;
            var below = new Lazy<ImageTree>(() => BaseImages.Below(pythonBase));
            // Most of an image's time goes into its largest layer, on one core.
            await Parallel.ForEachAsync(exported, async (x, _) =>
            {
                using var sealing = buildx.Watch.Begin($"sealing {NameOf(x.Key)}");
                await x.Value.AcceptAsync(new ReproducibleImage(baseDiffIds, x.Key.EpochOn(pythonBase),
                    settings.Packing)
                {
                    BaseImage = pythonBase,
                    Earlier = again ? null : x.Key.LayoutDirectory,
                    Division = x.Key.DivisionOn(pythonBase) is { } division ? (division, below) : null,
                });
            });
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }

    /// <summary>
    /// The graph of some images: of each a target. What they begin with is not a target of its own: buildx gives each
    /// target a session, and what an image got by that of another is lost when the other is done, base layers in the
    /// midst of an export among it (docker/buildx#4063).
    /// </summary>
    /// <exception cref="ProblemException">The Dockerfiles ask for what is not there.</exception>
    public IReadOnlyDictionary<string, BakeTarget> Graph(
        IReadOnlyList<(ServiceImage Image, AbsolutePath Output)> images, OciLayout pythonBase, OciLayout venvBuilder)
    {
        var targets = new Dictionary<string, BakeTarget>();
        var problems = new List<Problem>();
        foreach (var (image, output) in images)
        {
            var target = TargetOf(image, output, pythonBase, venvBuilder);
            var shared = settings.DockerfileOf(image.Shared);
            var own = settings.DockerfileOf(image.Service);
            problems.AddRange(shared.CheckContexts(target.Contexts, s_needed));
            problems.AddRange(own.After(shared).CheckContexts(target.Contexts));
            targets[NameOf(image)] = target with
            {
                DockerfileInline = $"{shared.Text}\n{own.Text}",
            };
        }

        ProblemException.ThrowIfAny(problems);
        return BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse);
    }

    BakeTarget TargetOf(ServiceImage image, AbsolutePath output, OciLayout pythonBase, OciLayout venvBuilder)
    {
        var epoch = image.EpochOn(pythonBase);
        var contexts = new Dictionary<string, string>
        {
            [BaseImages.PythonBase] = pythonBase.Context,
            [BaseImages.VenvBuilder] = venvBuilder.Context,
        };
        foreach (var (name, place) in image.Contexts) contexts[name] = place;
        if (image.Lock?.AptArchive is { } archive)
            contexts[ImageSettings.AptArchive] = contexts[ImageSettings.BuilderArchive] = archive;
        var labels = ImageLabels.Of(image.Service, epoch, settings.PythonBaseName, pythonBase.Digest, image.Version,
            image.Revision, image.Remote, image.Series);
        return settings.TargetOf(image.Service, epoch, output, contexts, labels, image.Args);
    }
}
