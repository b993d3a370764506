using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Storage;

namespace OpenStack.Wheels;

/// <summary>
/// Builds the wheels of libraries with the builder of the service images, all that are not up to date in one BuildKit
/// graph.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class LibraryWheels(ImageSettings settings, BaseImages bases)
{
    static readonly Dictionary<string, string[]> s_needed = new() { ["source"] = [".git"] };

    /// <summary>What problems with one are about.</summary>
    public static string NameOf(LibraryWheel wheel) => BakeFile.TargetName(wheel.Component, wheel.Release);

    /// <returns>The wheels that were built.</returns>
    /// <exception cref="ProblemException">A build fails, or makes another wheel than was asked for.</exception>
    public async Task<IReadOnlyList<LibraryWheel>> BuildAsync(IReadOnlyList<LibraryWheel> wheels, Buildx buildx,
        bool again, Func<IDisposable> onWait)
    {
        if (wheels.Count == 0) return [];
        var venvBuilder = bases.Open(BaseImages.VenvBuilder);
        var stages = wheels.ToDictionary(x => x.StageOf(settings, venvBuilder));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = new Dictionary<string, BakeTarget>();
            foreach (var (stage, aside) in work)
            {
                var wheel = stages[stage];
                var contexts = new Dictionary<string, string>
                {
                    [BaseImages.VenvBuilder] = venvBuilder.Context,
                    ["source"] = wheel.SourceDirectory,
                    ["constraints"] = wheel.ConstraintsDirectory,
                };
                if (wheel.Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = wheel.Wheelhouse;
                targets[NameOf(wheel)] = settings.FilesOf(
                    LibraryWheel.Image, wheel.CommitTime, aside, contexts, new() { ["PBR_VERSION"] = wheel.Version });
            }

            settings.RequireContexts(LibraryWheel.Image, targets.Values, s_needed);
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse),
                stages[work[0].Stage].Directory.Parent! / "bake.json", work.ToDictionary(x => NameOf(stages[x.Stage]),
                    x => stages[x.Stage].Directory.Parent! / "build.log"), noCache: again);
            ProblemException.ThrowIfAny([.. work.Select(x => (Wheel: stages[x.Stage], x.Aside))
                .Select(x => BuiltWheel.Check(x.Aside, NameOf(x.Wheel), $"{x.Wheel.Release} {x.Wheel.Component}",
                    x.Wheel.Distribution, x.Wheel.Version))
                .OfType<Problem>()]);
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }
}
