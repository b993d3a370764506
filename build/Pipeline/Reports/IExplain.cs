using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Answers;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Pipeline.Reports;

/// <summary>What lies in <c>artifacts/</c> → what a build would do, and why.</summary>
interface IExplain : IHazAnswer, IBuildService
{
    Target Explain => _ => _
        .Description("Tells what BuildService would build with the same parameters and why, by the records of the "
            + "stages, what it would reuse, and how long that took last time; builds nothing and asks nobody")
        .Executes(() =>
        {
            RequireServices(nameof(Explain));
            var steps = SourceSteps();
            foreach (var platform in Platforms) steps.AddRange(ImageSteps(platform, steps));
            var explanation = new BuildExplanation(steps);
            Answer(Json ? explanation.ToJson() : string.Concat(explanation.Table.Lines.Select(x => $"{x}\n")));
            Results.Page(() => $"### What a build would do\n\n{explanation.Table.Markdown}");
            ReportSummary(x => x.AddPair("Steps", explanation.Summary));
        });

    string? Again => NoCache ? "--no-cache builds from scratch" : null;

    /// <summary>What happens to the sources of all platforms.</summary>
    List<BuildStep> SourceSteps()
    {
        var (sources, libraries) = (Sources, Libraries.ToHashSet());
        var recorded = sources.Select(x => x.Release.Name).Distinct().ToDictionary(x => x, ReadLock);
        var patched = sources.ToDictionary(x => x, x => SourceStepsOf(x, recorded[x.Release.Name]));
        return
        [
            .. patched.Values.SelectMany(x => x),
            .. sources.Where(x => Catalog.KindOf(x.Component) == ImageKind.Python).Select(x => libraries.Contains(x)
                ? BuildStep.Of(nameof(Constrain), $"{x}", new Stage(x.ConstraintsDirectory, new()),
                    () => LibraryConstraintsStageOf(x), [patched[x][^1]])
                : BuildStep.Of(nameof(Constrain), $"{x}", new Stage(x.ConstraintsDirectory, new()),
                    () => ConstraintsStageOf(x), [.. LibrariesOf(x).Prepend(x).Select(y => patched[y][^1])])),
        ];
    }

    IReadOnlyList<BuildStep> SourceStepsOf(Workspace source, RefLock recorded)
    {
        var request = WithRecorded(RequestOf(source), recorded);
        var stage = StageOf(request, source.RefsFile);
        var resolve = BuildStep.Of(nameof(ResolveRefs), $"{source}", stage, () => stage, []);
        if (resolve.State == StepState.Reused && !IsFinal(stage, request))
            resolve = resolve with
            {
                State = StepState.NotKnown,
                Because = [request.LocalTree is null ? $"{request.Ref} may lead elsewhere by now, and nobody is asked"
                    : $"{request.LocalTree} may have changed"],
            };
        var checkout = BuildStep.Of(nameof(Checkout), $"{source}", new Stage(source.CheckoutDirectory, new()),
            () => TreeStageOf(source, ResolvedRef.ReadAll(source.RefsFile)[0]), [resolve]);
        return [resolve, checkout, BuildStep.Of(nameof(Patch), $"{source}", new Stage(source.SourceDirectory, new()),
            () => SealedStageOf(source), [checkout])];
    }

    /// <param name="sources">The steps of <see cref="SourceSteps"/>.</param>
    IReadOnlyList<BuildStep> ImageSteps(string platform, IReadOnlyList<BuildStep> sources)
    {
        var bySubject = sources.Where(x => x.Target is nameof(Patch) or nameof(Constrain))
            .ToLookup(x => x.Subject);
        string On(object what) => Platforms.Count > 1 ? $"{what} {platform}" : $"{what}";
        var bases = BaseSteps(platform, On);
        var builder = bases[^1];
        var (settings, basesThere) = (WheelSettingsFor(platform), BasesFor(platform));
        var wheels = PythonLibraries.ToDictionary(x => x, x => BuildStep.Of(nameof(BuildLibraries), On(x),
            new Stage(x.WheelDirectory(platform), new()),
            () => WheelOf(x, platform).StageOf(settings, basesThere.Open(BaseImages.VenvBuilder)),
            [builder, .. bySubject[$"{x}"]], Again));
        var fetched = BuildsWheelsOffline
            ? PythonSelection.ToDictionary(x => x, x => new BuildStep(nameof(FetchDistributions), On(x),
                StepState.NotKnown, ["what indexes have, nobody is asked"]))
            : [];
        var closures = PythonSelection.ToDictionary(x => x, x => BuildStep.Of(nameof(BuildWheels), On(x),
            new Stage(x.PlatformDirectory(platform) / PythonImage.ClosureName, new()),
            () => new ServiceClosures(settings, basesThere).StageOf(PythonImageOf(x, platform),
                basesThere.Open(BaseImages.VenvBuilder).Digest),
            [
                builder, .. bySubject[$"{x}"], .. LibrariesOf(x).Where(wheels.ContainsKey).Select(y => wheels[y]),
                .. fetched.TryGetValue(x, out var fetch) ? [fetch] : Array.Empty<BuildStep>(),
            ], Again));
        return [.. bases, .. fetched.Values, .. wheels.Values, .. closures.Values,
            .. Selection.Select(x => BuildStep.Of(nameof(BuildService), On(x),
                new Stage(BuiltImage.Of(x).PartOf(platform) / "image", new())
                {
                    InputsFile = BuiltImage.Of(x).PartOf(platform) / "inputs.json",
                },
                () => ImageOf(x, platform).StageOf(SettingsFor(platform), basesThere.Open(BaseImages.PythonBase),
                    basesThere.Open(BaseImages.VenvBuilder).Digest),
                [
                    .. bases, .. closures.TryGetValue(x, out var closure) ? [closure]
                        : PluginsOf(x).Prepend(x).SelectMany(y => bySubject[$"{y}"]),
                ], Again)),
        ];
    }

    IReadOnlyList<BuildStep> BaseSteps(string platform, Func<object, string> on)
    {
        var stages = new Lazy<(Stage PythonBase, Stage VenvBuilder)>(() => BaseStagesOf(platform));
        var pythonBase = BuildStep.Of(nameof(BuildBase), on(BaseImages.PythonBase),
            BasesFor(platform).RecordOf(BaseImages.PythonBase), () => stages.Value.PythonBase, [], Again);
        return [pythonBase, BuildStep.Of(nameof(BuildBase), on(BaseImages.VenvBuilder),
            BasesFor(platform).RecordOf(BaseImages.VenvBuilder), () => stages.Value.VenvBuilder, [], Again)];
    }

    /// <summary>The stages of the base images, by what is known of the images that they start from.</summary>
    /// <exception cref="ProblemException">Nobody has looked them up.</exception>
    (Stage PythonBase, Stage VenvBuilder) BaseStagesOf(string platform) => Hermetic
        ? throw new ProblemException("what locks name is laid out first, which is not done here")
        : BasesFor(platform).StagesOf(StartsFrom(BaseImages.PythonBase, platform),
            StartsFrom(BaseImages.VenvBuilder, platform), x => SystemPackagesOf(x), _ => null);

    ImageReference StartsFrom(string image, string platform) => InsteadOf(image) is { } place
        && ImageReference.IsPath(place)
        ? ImageReference.OfDirectory(Path.GetFullPath(place, RootDirectory), platform)
        : ImageReference.Remembered(InsteadOf(image) ?? ExternalNameOf(image), ExternalImagesFile(platform))
            ?? throw new ProblemException($"nobody has looked up {InsteadOf(image) ?? ExternalNameOf(image)}");
}
