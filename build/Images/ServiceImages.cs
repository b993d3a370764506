using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>Builds service images on top of the base images, all that are not up to date in one BuildKit graph.</summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class ServiceImages(ImageSettings settings, BaseImages bases)
{
    static readonly Dictionary<string, string[]> s_needed = new()
    {
        ["source"] = [".git"],
        ["constraints"] = ["constraints.txt", "requirements.txt"],
    };

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
            var targets = new Dictionary<string, BakeTarget>();
            var problems = new List<Problem>();
            var exported = work.ToDictionary(x => stages[x.Stage], x => new ExportedImage(x.Aside));
            foreach (var image in exported.Keys)
            {
                var contexts = new Dictionary<string, string>
                {
                    [BaseImages.PythonBase] = pythonBase.Context,
                    [BaseImages.VenvBuilder] = venvBuilder.Context,
                    ["source"] = image.SourceDirectory,
                    ["constraints"] = image.ConstraintsDirectory,
                };
                if (image.Wheelhouse is not null) contexts["wheelhouse"] = image.Wheelhouse;
                problems.AddRange(settings.DockerfileOf(image.Service).CheckContexts(contexts, s_needed));
                targets[BakeFile.TargetName(image.Service, image.Release)] = settings.TargetOf(
                    image.Service, image.EpochOn(pythonBase), exported[image].Directory, contexts, args: image.Args, labels: ImageLabels.Of(
                        image.Service, image.EpochOn(pythonBase), settings.PythonBaseName, pythonBase.Digest,
                        image.Version, image.Revision, image.Remote));
            }

            ProblemException.ThrowIfAny(problems);
            // Beside the first image, whose lock is ours: another run's graph cannot come between writing and reading it.
            var directory = stages[work[0].Stage].Directory;
            await buildx.BakeAsync(targets, directory / "bake.json", directory / "build.log", noCache: again);
            var baseDiffIds = pythonBase.ReadConfig().DiffIds;
            foreach (var (image, export) in exported) await export.AcceptAsync(baseDiffIds, image.EpochOn(pythonBase), compress: true, pythonBase, earlier: again ? null : image.LayoutDirectory);
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }
}
