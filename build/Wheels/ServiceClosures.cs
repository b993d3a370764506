using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Storage;

namespace OpenStack.Wheels;

/// <summary>
/// Builds the wheels of services and resolves what each image of them installs, all that are not up to date in one
/// BuildKit graph.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class ServiceClosures(ImageSettings settings, BaseImages bases)
{
    /// <summary>Image directory of the Dockerfile that does it.</summary>
    public const string Image = "closure";

    static readonly Dictionary<string, string[]> s_needed = new()
    {
        ["source"] = [".git"],
        ["constraints"] = ["constraints.txt"],
    };

    /// <summary>What problems with one are about.</summary>
    public static string NameOf(PythonImage image) => BakeFile.TargetName(image.Service, image.Release);

    /// <returns>
    /// The images whose closure was resolved; that of each is in its <see cref="PythonImage.ClosureDirectory"/>.
    /// </returns>
    /// <exception cref="ProblemException">
    /// A build fails or makes another wheel than was asked for, or there is no solution.
    /// </exception>
    public async Task<IReadOnlyList<PythonImage>> BuildAsync(IReadOnlyList<PythonImage> images, Buildx buildx,
        bool again, Func<IDisposable> onWait)
    {
        if (images.Count == 0) return [];
        var venvBuilder = bases.Open(BaseImages.VenvBuilder);
        var stages = images.ToDictionary(x => StageOf(x, venvBuilder.Digest));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = work.ToDictionary(x => NameOf(stages[x.Stage]),
                x => TargetOf(stages[x.Stage], venvBuilder.Context, x.Aside));
            settings.RequireContexts(Image, targets.Values, s_needed);
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse),
                stages[work[0].Stage].Directory / "closure.bake.json", work.ToDictionary(x => NameOf(stages[x.Stage]),
                    x => stages[x.Stage].Directory / "closure.log"), noCache: again);
            ProblemException.ThrowIfAny([.. work.Select(x => (Image: stages[x.Stage], x.Aside))
                .Select(x => BuiltWheel.Check(x.Aside / "wheel", NameOf(x.Image),
                    $"{x.Image.Service} {x.Image.Release}", x.Image.Distribution, x.Image.Version))
                .OfType<Problem>()]);
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }

    BakeTarget TargetOf(PythonImage image, string venvBuilder, AbsolutePath aside)
    {
        var contexts = new Dictionary<string, string>
        {
            [BaseImages.VenvBuilder] = venvBuilder,
            ["source"] = image.SourceDirectory,
            ["constraints"] = image.ConstraintsDirectory,
        };
        if (image.Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = image.Wheelhouse;
        if (image.LibrariesDirectory is not null) contexts["libraries"] = image.LibrariesDirectory;
        return settings.FilesOf(Image, image.CommitTime, aside, contexts, image.ClosureArgs);
    }

    /// <summary>The stage that the closure of an image is.</summary>
    /// <param name="venvBuilder">Digest of the image that resolves it.</param>
    public Stage StageOf(PythonImage image, string venvBuilder)
    {
        var inputs = settings.InputsOf(Image, image.CommitTime)
            .Add("builder.digest", venvBuilder)
            .Add("constraints.digest", Digest.OfDirectory(image.ConstraintsDirectory))
            .Add("source.digest", image.SourceDigest);
        if (image.Wheelhouse is not null)
            inputs.Add("wheelhouse.digest", RememberedDigest.OfDirectory(image.Wheelhouse));
        if (image.LibrariesDirectory is not null)
            inputs.Add("libraries.digest", Digest.OfDirectory(image.LibrariesDirectory));
        foreach (var (name, value) in image.ClosureArgs) inputs.Add($"arg.{name}", value);
        return new Stage(image.ClosureDirectory, inputs);
    }
}
