using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Storage;

namespace OpenStack.Wheels;

/// <summary>Builds the wheels of source distributions, all that are not up to date in one BuildKit graph.</summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class SdistWheels(ImageSettings settings, BaseImages bases)
{
    /// <summary>
    /// What problems with one are about: its directory's name, as locks of two services may build one distribution with
    /// different things.
    /// </summary>
    public static string NameOf(SdistWheel wheel) => BakeFile.TargetName(wheel.Directory.Name, wheel.Release);

    /// <param name="wheels">What to build, each once.</param>
    /// <returns>The wheels that were built.</returns>
    /// <exception cref="ProblemException">A build fails, or makes another wheel than was asked for.</exception>
    public async Task<IReadOnlyList<SdistWheel>> BuildAsync(IReadOnlyList<SdistWheel> wheels, Buildx buildx, bool again,
        Func<IDisposable> onWait)
    {
        if (wheels.Count == 0) return [];
        var venvBuilder = bases.Open(BaseImages.VenvBuilder);
        var stages = wheels.ToDictionary(x => x.StageOf(settings, venvBuilder.Digest));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = work.ToDictionary(x => NameOf(stages[x.Stage]),
                x => TargetOf(stages[x.Stage], venvBuilder.Context, x.Aside));
            settings.RequireContexts(SdistWheel.Image, targets.Values);
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse),
                $"{stages[work[0].Stage].Directory}.bake.json", work.ToDictionary(x => NameOf(stages[x.Stage]),
                    x => (AbsolutePath)$"{stages[x.Stage].Directory}.log"), noCache: again);
            ProblemException.ThrowIfAny([.. work.Select(x => (Wheel: stages[x.Stage], x.Aside))
                .Select(x => BuiltWheel.Check(x.Aside, NameOf(x.Wheel),
                    $"the source distribution {x.Wheel.Distribution.File.Name}", x.Wheel.Distribution.Name,
                    x.Wheel.Distribution.Version))
                .OfType<Problem>()]);
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }

    BakeTarget TargetOf(SdistWheel wheel, string venvBuilder, AbsolutePath aside)
    {
        var contexts = new Dictionary<string, string>
        {
            [BaseImages.VenvBuilder] = venvBuilder,
            ["constraints"] = wheel.ConstraintsDirectory,
        };
        if (wheel.Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = wheel.Wheelhouse;
        return settings.FilesOf(SdistWheel.Image, DateTimeOffset.UnixEpoch, aside, contexts, wheel.Args);
    }
}
