using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>Builds the images that upstream's tests run in. None of it is published.</summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class SourceTestImages(ImageSettings settings, BaseImages bases)
{
    /// <summary>What problems with one are about.</summary>
    public static string NameOf(SourceTest test) =>
        BakeFile.TargetName($"{test.Image.Service}-{test.Component}", test.Image.Release);

    /// <returns>All that were asked for.</returns>
    /// <exception cref="ProblemException">A build fails, as what the tests want is not to be had.</exception>
    public async Task<IReadOnlyList<SourceTest>> BuildAsync(IReadOnlyList<SourceTest> tests, Buildx buildx, bool again,
        Func<IDisposable> onWait)
    {
        if (tests.Count == 0) return tests;
        var ofPython = tests.OfType<PythonTest>().ToList();
        ProblemException.ThrowIfAny([.. ofPython.Where(x => !x.SaysWhatItWants)
            .Select(x => new Problem($"the tree of {x} has no {string.Join(", ", x.Tests.Requirements)}: what its "
                + "tests want is not known", Remedy: "Name the file under 'requirements', or what they want under "
                + $"'packages', in images/{x.Image.Service}/{TestSettingsFile.Name}"))]);
        await Task.WhenAll(ofPython.Select(x => x.StatesStage.MakeAsync(
            aside => PatchStates.MakeAsync(x.CheckoutDirectory, x.Patches, aside), onWait)));
        var stages = tests.ToDictionary(x => x.StageOf(settings, bases));
        await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = work.ToDictionary(x => NameOf(stages[x.Stage]),
                x => stages[x.Stage].TargetOf(settings, bases, x.Aside));
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse),
                stages[work[0].Stage].Directory / "bake.json",
                work.ToDictionary(x => NameOf(stages[x.Stage]), x => stages[x.Stage].Directory / "build.log"),
                noCache: again);
        }, again, onWait);
        return tests;
    }
}
