using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// The two images that every service image is made of, <c>python-base</c> and <c>venv-builder</c>, built in one BuildKit graph.
/// They depend on no release.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="directory">Where they are kept: <c>python-base/image</c>, <c>venv-builder/image</c> and the log.</param>
public sealed class BaseImages(ImageSettings settings, AbsolutePath directory)
{
    public const string PythonBase = "python-base";
    public const string VenvBuilder = "venv-builder";

    /// <summary>A base image that was built before.</summary>
    /// <exception cref="ProblemException">It is not there; names the target that makes it.</exception>
    public OciLayout Open(string image) => Directory.Exists(LayoutOf(image))
        ? OciLayout.Open(LayoutOf(image))
        : throw new ProblemException($"There is no {image} image in {LayoutOf(image)}", "Run the target BuildBase");

    /// <summary>Builds what is not up to date.</summary>
    /// <param name="distribution">The image that <c>python-base</c> starts from.</param>
    /// <param name="uv">The image, or a directory, that holds <c>/uv</c>.</param>
    /// <param name="packages">System packages, by image.</param>
    /// <param name="buildx">What builds it.</param>
    /// <param name="again">Build all of it without looking at inputs or caches.</param>
    /// <param name="onWait">Called when another run builds them already.</param>
    /// <returns>Names of the images that were built.</returns>
    public async Task<IReadOnlyList<string>> BuildAsync(
        ImageReference distribution, ImageReference uv, Func<string, IReadOnlyList<string>> packages, Buildx buildx, bool again, Action onWait)
    {
        var epoch = distribution.Created;
        Dictionary<string, string> ArgsOf(string image) => new() { ["APT_PACKAGES"] = string.Join(' ', packages(image)) };
        var pythonBase = StageOf(PythonBase, settings.InputsOf(PythonBase, epoch)
            .Add("arg.APT_PACKAGES", ArgsOf(PythonBase)["APT_PACKAGES"])
            .Add("base.name", distribution.Name)
            .Add("base.digest", distribution.Digest));
        var venvBuilder = StageOf(VenvBuilder, settings.InputsOf(VenvBuilder, epoch)
            .Add("arg.APT_PACKAGES", ArgsOf(VenvBuilder)["APT_PACKAGES"])
            .Add("base.name", settings.PythonBaseName)
            .Add("base.inputs", Digest.OfText(pythonBase.Inputs.ToJson()))
            .Add("uv.name", uv.Name)
            .Add("uv.digest", uv.Digest));

        var made = await Stage.MakeAllAsync([pythonBase, venvBuilder], async work =>
        {
            // What cannot be used is told here, and not by the target that stumbles over it.
            distribution.Layout?.Verify();
            var targets = new Dictionary<string, BakeTarget>();
            var exported = work.ToDictionary(x => x.Stage, x => new ExportedImage(x.Aside));
            foreach (var stage in work.Select(x => x.Stage))
            {
                targets[stage.Output.Parent!.Name] = stage == pythonBase
                    ? settings.TargetOf(PythonBase, epoch, exported[stage].Directory,
                        contexts: new() { [distribution.Replaces] = distribution.Context },
                        args: ArgsOf(PythonBase),
                        labels: ImageLabels.Of(PythonBase, epoch, distribution.Name, distribution.Digest))
                    : settings.TargetOf(VenvBuilder, epoch, exported[stage].Directory,
                        contexts: new()
                        {
                            [PythonBase] = work.Any(x => x.Stage == pythonBase) ? "target:" + PythonBase : Open(PythonBase).Context,
                            [uv.Replaces] = uv.Context,
                        },
                        args: ArgsOf(VenvBuilder),
                        labels: ImageLabels.Of(VenvBuilder, epoch, settings.PythonBaseName));
            }

            ProblemException.ThrowIfAny([.. targets.SelectMany(x => settings.DockerfileOf(x.Key).CheckContexts(x.Value.Contexts))]);
            await buildx.BakeAsync(targets, directory / "bake.json", directory / "build.log", noCache: again);
            // The builder is never shipped and by far the largest: what counts is how long it takes to write and to read again.
            foreach (var (stage, image) in exported) await image.AcceptAsync(distribution.DiffIds, epoch, compress: stage == pythonBase, distribution.Layout, earlier: again ? null : stage.Output);
        }, again, onWait);
        return [.. made.Select(x => x.Output.Parent!.Name)];
    }

    AbsolutePath LayoutOf(string image) => directory / image / "image";

    Stage StageOf(string image, StageInputs inputs) => new(LayoutOf(image), inputs) { InputsFile = directory / image / "inputs.json" };
}
