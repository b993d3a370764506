using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>What service images install.</summary>
interface IBuildWheels : IBuildLibraries, IHazServiceImages
{
    Target BuildWheels => _ => _
        .Description("Builds the wheels of the selected services, resolves what each installs, and builds wheels of "
            + "what comes as source alone")
        .DependsOn<IBuildBase>(x => x.BuildBase)
        .DependsOn<IBuildLibraries>(x => x.BuildLibraries)
        .DependsOn<IPatch>(x => x.Patch)
        .DependsOn<IConstrain>(x => x.Constrain)
        .DependsOn<IFetchDistributions>(x => x.FetchDistributions)
        .Executes(async () =>
        {
            var built = new List<string>();
            foreach (var platform in Platforms) built.AddRange(await BuildWheelsAsync(platform));
            ReportBuilt(built);
        });

    /// <returns>What was not up to date.</returns>
    async Task<IReadOnlyList<string>> BuildWheelsAsync(string platform)
    {
        var images = Each(PythonSelection, x => x, x => (Of: x, Image: PythonImageOf(x, platform)));
        var resolved = await TogetherAsync(images, x => ServiceClosures.NameOf(x.Image), x => [x.Of],
            left => new ServiceClosures(WheelSettingsFor(platform), BasesFor(platform)).BuildAsync(
                [.. left.Select(x => x.Image)], WheelBuildx, NoCache, () => TellWaiting("this wheel")));
        var closures = images.Where(x => Selection.Contains(x.Of)).ToDictionary(x => x.Of, x => (x.Image,
            Closure: PyLock.Read(x.Image.ClosureDirectory / "pylock.toml", x.Image.Distribution)));
        FailIfAny([.. closures.GroupBy(x => KeepGoing ? $"{x.Key}" : x.Key.Release.Name).SelectMany(CheckPins),
            .. OpenStack.Wheels.FromSource.Parse(FromSource).Unknown([.. closures.Values.Select(x => x.Closure)])
                .Select(x => ((Workspace?)null, x))]);
        var wheels = await BuildSdistsAsync(closures.Where(x => Selection.Contains(x.Key))
            .Select(x => (x.Key, x.Value.Image, x.Value.Closure)), platform);
        foreach (var (image, closure) in closures.Where(x => Selection.Contains(x.Key)).Select(x => x.Value))
        {
            await CollectAsync(image, Placed(image, closure, platform), platform);
            Log.Information("{Service} {Release} {Platform}: {Count} distributions, of which {Sdists} come as source "
                + "({State})", image.Service, image.Release, platform, closure.Count, closure.Count(x => x.IsSource),
                resolved.Contains(image) ? "resolved" : "up to date");
        }

        return [.. resolved.Select(x => $"{x.Service} {x.Release}"),
            .. wheels.Select(x => $"{x.Distribution.Name} {x.Distribution.Version}")];
    }

    /// <returns>Those that were not up to date.</returns>
    Task<IReadOnlyList<SdistWheel>> BuildSdistsAsync(
        IEnumerable<(Workspace Of, PythonImage Image, IReadOnlyList<LockedDistribution> Closure)> closures,
        string platform)
    {
        var sdists = closures.SelectMany(x => x.Closure.Where(y => y.IsSource),
                (x, y) => (x.Of, Wheel: SdistOf(x.Image, y, platform)))
            .GroupBy(x => x.Wheel.Directory).Select(x => (x.First().Wheel, Of: x.Select(y => y.Of).ToList())).ToList();
        return TogetherAsync(sdists, x => SdistWheels.NameOf(x.Wheel), x => x.Of,
            left => new SdistWheels(WheelSettingsFor(platform), BasesFor(platform)).BuildAsync(
                [.. left.Select(x => x.Wheel)], WheelBuildx, NoCache, () => TellWaiting("this wheel")));
    }

    /// <summary>A closure whose files are where an index has them, though they were taken from a directory.</summary>
    IReadOnlyList<LockedDistribution> Placed(PythonImage image, IReadOnlyList<LockedDistribution> closure,
        string platform) => BuildsWheelsOffline
        ? IndexWheelhouseFor(new(ArtifactsDirectory, image.Service, Catalog.Releases[image.Release]), platform)
            .Place(closure)
        : closure;

    /// <summary>Everything that an image installs, in its directory.</summary>
    async Task CollectAsync(PythonImage image, IReadOnlyList<LockedDistribution> closure, string platform)
    {
        var built = closure.Where(x => x.IsSource).DistinctBy(x => x.File.Sha256)
            .ToDictionary(x => x.File.Sha256, x => SdistOf(image, x, platform).Directory);
        var (_, files) = await Dependencies.MakeAsync(
            image.DependenciesDirectory, closure, built, image.LibrariesDirectory);
        if (Hermetic) files = PythonInputs.WithPlaces(files, LockOf(SubjectOf(image, platform)));
        AtomicFile.WriteText(image.DistributionsFile, files.ToJson());
    }

    /// <param name="closures">Of images of one release, the first of which stands for all of them.</param>
    IEnumerable<(Workspace? Of, Problem Problem)> CheckPins(
        IEnumerable<KeyValuePair<Workspace, (PythonImage Image, IReadOnlyList<LockedDistribution> Closure)>> closures)
    {
        var first = closures.First().Key;
        var unpinned = closures.SelectMany(x => ClosurePins
            .Unpinned(x.Value.Closure,
                UpperConstraints.Read(x.Value.Image.ConstraintsDirectory / "constraints.txt", "constraints.txt").Pins)
            .Select(y => (x.Value.Image.Service, y)));
        return ClosurePins.Describe(unpinned, ShownAs(first.Release.OverridesFile
            ?? RootDirectory / "overrides" / first.Release.Name / "constraints.txt"))
            .Select(x => ((Workspace?)first, x));
    }

    /// <summary>
    /// One that was built with what an index had that day is not the one that is built with what is locked, nor is one
    /// of another service whose lock says otherwise.
    /// </summary>
    SdistWheel SdistOf(PythonImage image, LockedDistribution distribution, string platform)
    {
        var with = Hermetic ? PythonInputs.DigestOfBuilding(LockOf(SubjectOf(image, platform))) : null;
        var name = $"{distribution.Name}-{distribution.Version}";
        if (with is not null) name += $"-{with["sha256:".Length..][..12]}";
        return new SdistWheel(image.Release, distribution, image.ConstraintsDirectory,
            ArtifactsDirectory / image.Release / "_wheels" / PlatformName.ForFiles(platform) / name)
        {
            Wheelhouse = image.Wheelhouse,
            BuiltWith = with,
        };
    }
}
