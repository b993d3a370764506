using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>Wheels of the libraries that a release builds from source.</summary>
interface IBuildLibraries : IBuildBase, IFetchDistributions
{
    Target BuildLibraries => _ => _
        .Description("Builds the libraries of the selected releases, with their patches, into "
            + "wheels for the service images")
        .DependsOn<IBuildBase>(x => x.BuildBase)
        .DependsOn<IPatch>(x => x.Patch)
        .DependsOn<IConstrain>(x => x.Constrain)
        .DependsOn<IFetchDistributions>(x => x.FetchDistributions)
        .OnlyWhenDynamic(() => PythonLibraries.Count > 0)
        .Executes(async () =>
        {
            var built = new List<LibraryWheel>();
            foreach (var platform in Platforms)
            {
                built.AddRange(await BuildWheelsOfLibrariesAsync(platform));
                foreach (var workspace in PythonSelection) await CollectAsync(workspace, platform);
            }

            ReportBuilt(built.Select(x => $"{x.Component} {x.Version}"));
        });

    /// <returns>Those that were not up to date.</returns>
    async Task<IReadOnlyList<LibraryWheel>> BuildWheelsOfLibrariesAsync(string platform)
    {
        var wheels = PythonLibraries.Select(x => (Of: x, Wheel: WheelOf(x, platform))).ToList();
        var made = await TogetherAsync(wheels, x => LibraryWheels.NameOf(x.Wheel), x => [x.Of],
            left => new LibraryWheels(WheelSettingsFor(platform), BasesFor(platform)).BuildAsync(
                [.. left.Select(x => x.Wheel)], WheelBuildx, NoCache, () => TellWaiting("this wheel")));
        foreach (var (_, wheel) in wheels.Where(x => PythonLibraries.Contains(x.Of)))
            Log.Information("{Library} {Release}: {Distribution} {Version} {Platform} ({State})",
                wheel.Component, wheel.Release, wheel.Distribution, wheel.Version, platform,
                made.Contains(wheel) ? "built" : "up to date");
        return made;
    }

    /// <summary>
    /// The wheels of all libraries of a service's release, and of its plugins, in one directory, which is a named
    /// context of its image.
    /// </summary>
    Task CollectAsync(Workspace workspace, string platform)
    {
        var wheels = LibrariesOf(workspace)
            .SelectMany(x => x.WheelDirectory(platform).GlobFiles("*.whl"))
            .ToList();
        var inputs = new StageInputs();
        foreach (var wheel in wheels) inputs.Add(wheel.Name, Digest.OfFile(wheel));
        return new Stage(workspace.LibrariesDirectory(platform), inputs).MakeAsync(aside =>
        {
            Directory.CreateDirectory(aside);
            foreach (var wheel in wheels) File.Copy(wheel, aside / wheel.Name);
            return Task.CompletedTask;
        });
    }

    /// <summary>Everything that a library's wheel is built from, as the stages before left it.</summary>
    LibraryWheel WheelOf(Workspace workspace, string platform)
    {
        var tree = SealedOf(workspace);
        return new LibraryWheel(
            workspace.Component,
            workspace.Release.Name,
            tree.Source.Distribution,
            LibraryWheel.VersionOf(tree.Source.Version, tree.Patches.Count),
            tree.Source.CommittedAt,
            workspace.SourceDirectory / "tree",
            Digest.OfFile(workspace.SealedFile),
            Inputs.Require(workspace.ConstraintsDirectory, nameof(IConstrain.Constrain)))
        {
            Directory = workspace.WheelDirectory(platform),
            // Which of the services of a release it is makes no difference: what builds libraries is locked, and
            // downloaded, with each of them.
            Wheelhouse = (Hermetic ? null : WheelhouseFor(platform, "libraries"))
                ?? WheelsFor(platform, PythonSelection.First(x => x.Release == workspace.Release)),
        };
    }
}
