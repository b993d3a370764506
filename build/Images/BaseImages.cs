using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Layers;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// The two images that every service image is made of, <c>python-base</c> and <c>venv-builder</c>, built in one
/// BuildKit graph. They depend on no release.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="directory">
/// Where they are kept: <c>python-base/image</c>, <c>venv-builder/image</c> and the log.
/// </param>
public sealed class BaseImages(ImageSettings settings, AbsolutePath directory)
{
    const string PythonBasePackages = "PYTHON_BASE_PACKAGES";

    const string VenvBuilderPackages = "VENV_BUILDER_PACKAGES";

    public const string PythonBase = "python-base";
    public const string VenvBuilder = "venv-builder";

    /// <summary>A base image that was built before.</summary>
    /// <exception cref="ProblemException">It is not there; names the target that makes it.</exception>
    public OciLayout Open(string image) => Directory.Exists(LayoutOf(image))
        ? OciLayout.Open(LayoutOf(image))
        : throw new ProblemException($"There is no {image} image in {LayoutOf(image)}", "Run the target BuildBase");

    /// <summary>The packages that built images add to <c>python-base</c>.</summary>
    internal async Task<IReadOnlyList<ImagePackages>> PackagesOfAsync(IReadOnlyList<ServiceImage> images)
    {
        var pythonBase = Open(PythonBase);
        var below = Below(pythonBase);
        var found = new ImagePackages[images.Count];
        await Parallel.ForAsync(0, images.Count, (i, _) =>
        {
            found[i] = images[i].PackagesOn(pythonBase, below);
            return ValueTask.CompletedTask;
        });
        return found;
    }

    /// <summary>Everything in the base image.</summary>
    internal static ImageTree Below(OciLayout pythonBase) => ImageTree.Read(pythonBase, pythonBase.ReadManifest(),
        new LayerReading(_ => false) { Attributes = true });

    /// <summary>Builds what is not up to date.</summary>
    /// <param name="distribution">The image that <c>python-base</c> starts from.</param>
    /// <param name="uv">The image, or a directory, that holds <c>/uv</c>.</param>
    /// <param name="packages">System packages, by image.</param>
    /// <param name="locks">What an image is built from by its lock, by image; null where it is what there is.</param>
    /// <param name="buildx">What builds it.</param>
    /// <param name="again">Build all of it without looking at inputs or caches.</param>
    /// <param name="onWait">Called when another run builds them already.</param>
    /// <returns>Names of the images that were built.</returns>
    public async Task<IReadOnlyList<string>> BuildAsync(
        ImageReference distribution, ImageReference uv, Func<string, IReadOnlyList<string>> packages,
        Func<string, ImageLock?> locks, Buildx buildx, bool again, Func<IDisposable> onWait)
    {
        var epoch = distribution.Created;
        var args = ArgsOf(packages);
        var (pythonBase, venvBuilder) = StagesOf(distribution, uv, packages, locks);

        Dictionary<string, string> WithArchive(string image, Dictionary<string, string> contexts)
        {
            if (locks(image)?.AptArchive is { } archive) contexts[$"{image}-archive"] = archive;
            return contexts;
        }

        var made = await Stage.MakeAllAsync([pythonBase, venvBuilder], async work =>
        {
            // What cannot be used is told here, and not by the target that stumbles over it.
            distribution.Layout?.Verify();
            var exported = work.ToDictionary(x => x.Stage, x => new ExportedImage(x.Aside));
            var targets = new Dictionary<string, BakeTarget>();
            if (exported.TryGetValue(pythonBase, out var image)) targets[PythonBase] = settings.TargetOf(
                PythonBase, epoch, image.Directory, WithArchive(PythonBase, new()
                {
                    [distribution.Replaces] = distribution.Context,
                }),
                ImageLabels.Of(PythonBase, epoch, distribution.Name, distribution.Digest), args);
            settings.RequireContexts(PythonBase, targets.Values);
            if (exported.TryGetValue(venvBuilder, out var builder)) targets[VenvBuilder] = BuilderOn(
                targets.GetValueOrDefault(PythonBase), uv, settings.TargetOf(VenvBuilder, epoch, builder.Directory,
                    WithArchive(VenvBuilder, []),
                    ImageLabels.Of(VenvBuilder, epoch, settings.PythonBaseName), args));
            await buildx.BakeAsync(targets, directory / "bake.json", directory / "build.log", noCache: again);
            // The builder is never shipped and by far the largest: what counts is how long it takes to write and to
            // read again.
            foreach (var (stage, layout) in exported)
            {
                using var sealing = buildx.Watch.Begin($"sealing {stage.Output.Parent!.Name}");
                await layout.AcceptAsync(new ReproducibleImage(distribution.DiffIds, epoch,
                    stage == pythonBase ? settings.Packing : LayerPacking.None)
                {
                    BaseImage = distribution.Layout,
                    Earlier = again ? null : stage.Output,
                });
            }
        }, again, onWait);
        return [.. made.Select(x => x.Output.Parent!.Name)];
    }

    static Dictionary<string, string> ArgsOf(Func<string, IReadOnlyList<string>> packages) => new()
    {
        [PythonBasePackages] = string.Join(' ', packages(PythonBase)),
        [VenvBuilderPackages] = string.Join(' ', packages(VenvBuilder)),
    };

    /// <summary>The stages that the two are.</summary>
    /// <inheritdoc cref="BuildAsync"/>
    public (Stage PythonBase, Stage VenvBuilder) StagesOf(ImageReference distribution, ImageReference uv,
        Func<string, IReadOnlyList<string>> packages, Func<string, ImageLock?> locks)
    {
        var (epoch, args) = (distribution.Created, ArgsOf(packages));
        var pythonBase = StageOf(PythonBase, () => settings.InputsOf(PythonBase, epoch)
            .Add("arg." + PythonBasePackages, args[PythonBasePackages])
            .Add("base.name", distribution.Name)
            .Add("base.digest", distribution.Digest), locks);
        return (pythonBase, StageOf(VenvBuilder, () => settings.InputsOf(VenvBuilder, epoch)
            .Add("arg." + VenvBuilderPackages, args[VenvBuilderPackages])
            .Add("base.name", settings.PythonBaseName)
            .Add("base.inputs", Digest.OfText(pythonBase.Inputs.ToJson()))
            .Add("uv.name", uv.Name)
            .Add("uv.digest", uv.Digest), locks));
    }

    /// <summary>Where one of them and its record are, whatever it is made of.</summary>
    public Stage RecordOf(string image) =>
        new(LayoutOf(image), new StageInputs()) { InputsFile = directory / image / "inputs.json" };

    /// <summary>
    /// The builder on the <c>python-base</c> that is built beside it, both as one text, since a target of its own would
    /// have a session of its own (see <see cref="ServiceImages.Graph"/>); or on the one that is there.
    /// </summary>
    /// <exception cref="ProblemException">The Dockerfiles ask for what is not there.</exception>
    BakeTarget BuilderOn(BakeTarget? pythonBase, ImageReference uv, BakeTarget builder)
    {
        var (first, own) = (settings.DockerfileOf(PythonBase), settings.DockerfileOf(VenvBuilder));
        var below = pythonBase?.Contexts ?? new Dictionary<string, string> { [PythonBase] = Open(PythonBase).Context };
        var target = builder with
        {
            Contexts = new Dictionary<string, string>(builder.Contexts.UnionBy(below, x => x.Key))
            {
                [uv.Replaces] = uv.Context,
            },
            DockerfileInline = pythonBase is null ? null : $"{first.Text}\n{own.Text}",
        };
        ProblemException.ThrowIfAny(
            (pythonBase is null ? own : own.After(first)).CheckContexts(target.Contexts));
        return target;
    }

    AbsolutePath LayoutOf(string image) => directory / image / "image";

    /// <summary>
    /// The stage of an image. One that was built from a lock is as good for whoever asks for none: a workflow builds
    /// the base of all images, of which some have locks.
    /// </summary>
    Stage StageOf(string image, Func<StageInputs> inputs, Func<string, ImageLock?> locks)
    {
        Stage Of(string? locked) => RecordOf(image) with
        {
            Inputs = locked is null ? inputs() : inputs().Add(ImageSettings.LockInput, locked),
        };
        if (locks(image) is { } asked) return Of(asked.Digest);
        var plain = Of(null);
        return File.Exists(plain.InputsFile)
            && StageInputs.Read(plain.InputsFile).Values.GetValueOrDefault(ImageSettings.LockInput) is { } recorded
            && Of(recorded) is { IsUpToDate: true } made ? made : plain;
    }
}
