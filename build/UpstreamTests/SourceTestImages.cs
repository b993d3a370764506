using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>
/// Builds the images that upstream's tests run in: what ships, with what the tests want on top. None of it is
/// published.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class SourceTestImages(ImageSettings settings, BaseImages bases)
{
    static readonly Dictionary<string, string[]> s_needed = new()
    {
        ["constraints"] = ["constraints.txt"],
        ["patches"] = [PatchStates.ListName],
    };

    /// <returns>Those that were built.</returns>
    /// <exception cref="ProblemException">A build fails, as what the tests want is not to be had.</exception>
    public async Task<IReadOnlyList<SourceTest>> BuildAsync(IReadOnlyList<SourceTest> tests, Buildx buildx, bool again,
        Action onWait)
    {
        if (tests.Count == 0) return [];
        ProblemException.ThrowIfAny([.. tests.Where(x => !x.SaysWhatItWants)
            .Select(x => new Problem($"the tree of {x} has no {string.Join(", ", x.Tests.Requirements)}: what its "
                + "tests want is not known", Remedy: "Name the file under 'requirements', or what they want under "
                + $"'packages', in images/{x.Image.Service}/{TestSettingsFile.Name}"))]);
        await Task.WhenAll(tests.Select(x => x.StatesStage.MakeAsync(
            aside => PatchStates.MakeAsync(x.CheckoutDirectory, x.Patches, aside), onWait)));
        var venvBuilder = bases.Open(BaseImages.VenvBuilder);
        var stages = tests.ToDictionary(
            x => x.StageOf(settings, OciLayout.Open(x.Image.LayoutDirectory), venvBuilder.Digest));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = work.ToDictionary(
                x => BakeFile.TargetName($"{stages[x.Stage].Image.Service}-{stages[x.Stage].Component}",
                    stages[x.Stage].Image.Release),
                x => TargetOf(stages[x.Stage], venvBuilder.Context, x.Aside));
            settings.RequireContexts(SourceTest.ImageName, targets.Values, s_needed);
            var directory = stages[work[0].Stage].Directory;
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse),
                directory / "bake.json", directory / "build.log", noCache: again);
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }

    BakeTarget TargetOf(SourceTest test, string venvBuilder, AbsolutePath aside)
    {
        var contexts = new Dictionary<string, string>
        {
            ["image"] = OciLayout.Open(test.Image.LayoutDirectory).Context,
            [BaseImages.VenvBuilder] = venvBuilder,
            ["source"] = test.SourceDirectory,
            ["patches"] = test.StatesDirectory,
            ["constraints"] = test.Image.ConstraintsDirectory,
        };
        if (test.Pins is not null) contexts["pins"] = test.Pins.Parent!;
        if (test.Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = test.Wheelhouse;
        if (test.Image.LibrariesDirectory is { } libraries) contexts["libraries"] = libraries;
        return settings.TargetOf(SourceTest.ImageName, test.Image.CommitTime, aside, contexts,
            args: test.Args);
    }
}
