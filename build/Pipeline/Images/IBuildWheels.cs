using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Oci;
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
        var images = PythonSelection.Select(x => PythonImageOf(x, platform)).ToList();
        var resolved = await new ServiceClosures(WheelSettingsFor(platform), BasesFor(platform))
            .BuildAsync(images, WheelBuildx, NoCache, () => TellWaiting("this wheel"));
        var closures = images.ToDictionary(x => x,
            x => PyLock.Read(x.ClosureDirectory / "pylock.toml", x.Distribution));
        ProblemException.ThrowIfAny([.. closures.GroupBy(x => x.Key.Release)
            .SelectMany(x => CheckPins(Catalog.Releases[x.Key], x)),
            .. OpenStack.Wheels.FromSource.Parse(FromSource).Unknown(closures.Values)]);
        var sdists = closures.SelectMany(x => x.Value.Where(y => y.IsSource).Select(y => SdistOf(x.Key, y, platform)))
            .DistinctBy(x => x.Directory).ToList();
        var wheels = await new SdistWheels(WheelSettingsFor(platform), BasesFor(platform))
            .BuildAsync(sdists, WheelBuildx, NoCache, () => TellWaiting("this wheel"));
        foreach (var (image, closure) in closures)
        {
            await CollectAsync(image, Placed(image, closure, platform), platform);
            Log.Information("{Service} {Release} {Platform}: {Count} distributions, of which {Sdists} come as source "
                + "({State})", image.Service, image.Release, platform, closure.Count, closure.Count(x => x.IsSource),
                resolved.Contains(image) ? "resolved" : "up to date");
        }

        return [.. resolved.Select(x => $"{x.Service} {x.Release}"),
            .. wheels.Select(x => $"{x.Distribution.Name} {x.Distribution.Version}")];
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

    IReadOnlyList<Problem> CheckPins(Release release,
        IEnumerable<KeyValuePair<PythonImage, IReadOnlyList<LockedDistribution>>> closures)
    {
        var unpinned = closures.SelectMany(x => ClosurePins
            .Unpinned(x.Value,
                UpperConstraints.Read(x.Key.ConstraintsDirectory / "constraints.txt", "constraints.txt").Pins)
            .Select(y => (x.Key.Service, y)));
        return ClosurePins.Describe(unpinned,
            ShownAs(release.OverridesFile ?? RootDirectory / "overrides" / release.Name / "constraints.txt"));
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
