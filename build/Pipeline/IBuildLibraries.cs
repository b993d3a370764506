using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Images;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>Wheels of the libraries that a release builds from source.</summary>
interface IBuildLibraries : IBuildBase, IPatch, IConstrain
{
    [Parameter("Directory of wheels to install from instead of a package index")]
    AbsolutePath? Wheelhouse => TryGetValue(() => Wheelhouse);

    Target BuildLibraries => _ => _
        .Description("Builds the libraries of the selected releases, with their patches, into wheels for the service images")
        .DependsOn<IBuildBase>(x => x.BuildBase)
        .DependsOn<IPatch>(x => x.Patch)
        .DependsOn<IConstrain>(x => x.Constrain)
        .OnlyWhenDynamic(() => Libraries.Count > 0)
        .Executes(async () =>
        {
            var wheels = Libraries.Select(WheelOf).ToList();
            var made = await new LibraryWheels(ImageSettings, Bases).BuildAsync(wheels, Buildx, NoCache, () => Log.Information("Another run builds this wheel; waiting for it ..."));
            foreach (var wheel in wheels) Log.Information("{Library} {Release}: {Distribution} {Version} ({State})", wheel.Component, wheel.Release, wheel.Distribution, wheel.Version, made.Contains(wheel) ? "built" : "up to date");
            foreach (var workspace in Selection) await CollectAsync(workspace);
            ReportSummary(x => x.AddPair("Built", made.Count == 0 ? "nothing, up to date" : string.Join(", ", made.Select(i => $"{i.Component} {i.Version}"))));
        });

    /// <summary>The wheels of all libraries of a service's release in one directory, which is a named context of its image.</summary>
    Task CollectAsync(Workspace workspace)
    {
        var wheels = Libraries.Where(x => x.Release == workspace.Release).SelectMany(x => x.WheelDirectory.GlobFiles("*.whl")).ToList();
        var inputs = new StageInputs();
        foreach (var wheel in wheels) inputs.Add(wheel.Name, Digest.OfFile(wheel));
        return new Stage(workspace.LibrariesDirectory, inputs).MakeAsync(aside =>
        {
            Directory.CreateDirectory(aside);
            foreach (var wheel in wheels) File.Copy(wheel, aside / wheel.Name);
            return Task.CompletedTask;
        });
    }

    /// <summary>Everything that a library's wheel is built from, as the stages before left it.</summary>
    LibraryWheel WheelOf(Workspace workspace)
    {
        var sealedFile = Inputs.Require(workspace.SourceDirectory / "sealed.json", nameof(IPatch.Patch));
        var tree = SealedTree.Read(sealedFile);
        return new LibraryWheel(
            workspace.Component,
            workspace.Release.Name,
            tree.Source.Distribution,
            LibraryWheel.VersionOf(tree.Source.Version, tree.Patches.Count),
            tree.Source.CommittedAt,
            workspace.SourceDirectory / "tree",
            Digest.OfFile(sealedFile),
            Inputs.Require(workspace.ConstraintsDirectory, nameof(IConstrain.Constrain)))
        {
            Directory = workspace.WheelDirectory,
            Wheelhouse = Wheelhouse,
        };
    }
}
