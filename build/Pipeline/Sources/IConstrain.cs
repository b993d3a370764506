using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Laboratory;
using OpenStack.Pipeline.Selection;
using OpenStack.Storage;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.Sources;

/// <summary>Upper constraints and overrides → the constraints that an image is built with.</summary>
interface IConstrain : IHazSelection
{
    [Parameter("Pins that take the place of upper constraints before the overrides, the versions that a wheelhouse has: "
        + "a file, or a directory with a <service>.txt for each")]
    AbsolutePath? Pins => TryGetValue(() => Pins);

    AbsolutePath? PinsFor(Workspace workspace) => Directory.Exists(Pins) ? Pins! / $"{workspace.Component}.txt" : Pins;

    Target Constrain => _ => _
        .Description("Applies overrides/<release>/constraints.txt, and the libraries that are built from source, to the upper constraints")
        .DependsOn<IPatch>(x => x.Patch)
        // One after the other: what they change is reported in order, and takes milliseconds.
        .Executes(() => Problems.CollectAsync(Sources, (x, _) => Libraries.Contains(x) ? ConstrainLibraryAsync(x) : ConstrainAsync(x), atOnce: 1));

    async Task ConstrainAsync(Workspace workspace)
    {
        var release = workspace.Release;
        var distribution = IPatch.SealedOf(workspace).Source.Distribution;
        var requirements = workspace.SourceDirectory / "tree" / "requirements.txt";
        var inputs = new StageInputs()
            .Add("distribution", distribution)
            .Add("requirements.txt", File.Exists(requirements) ? Digest.OfFile(requirements) : "none");
        IReadOnlyList<AbsolutePath?> files =
            [release.UpperConstraintsFile, PinsFor(workspace), release.OverridesFile, release.BuildConstraintsFile];
        var libraries = Libraries.Where(x => x.Release == release).ToDictionary(x => release.SourceRefs[x.Component], WheelNameOf);
        foreach (var (source, wheel) in libraries) inputs.Add($"library.{source.Component}", wheel.Text);
        foreach (var file in files.OfType<AbsolutePath>()) inputs.Add(ShownAs(file), Digest.OfFile(Inputs.Require(file, nameof(ILab.LabUp))));
        await new Stage(workspace.ConstraintsDirectory, inputs).MakeAsync(aside =>
        {
            Directory.CreateDirectory(aside);
            var upper = UpperConstraints.Read(release.UpperConstraintsFile, ShownAs(release.UpperConstraintsFile));
            var overrides = new List<ConstraintOverrides>();
            var wheelhouse = PinsFor(workspace) is { } pins ? ConstraintOverrides.Read(pins, ShownAs(pins), isWheelhouse: true) : null;
            if (wheelhouse is not null) overrides.Add(wheelhouse);
            if (release.OverridesFile is { } file)
            {
                var own = ConstraintOverrides.Read(file, ShownAs(file));
                overrides.Add(own);
                // What upper constraints do not know, the overrides only keep from floating; the wheelhouse does so too.
                if (wheelhouse?.OfAdditions(upper, own) is { } instead)
                {
                    overrides.Add(instead);
                    foreach (var item in instead.Items) Log.Information("{Workspace}: {Pin} of the wheelhouse stands in for what {File} says", workspace, item.Pin!.Text, own.File);
                }
            }

            // Last: whatever else was wanted of them, these are the libraries that there will be.
            overrides.AddRange(libraries.Select(x => ConstraintOverrides.OfWheel(x.Value, x.Key.File, x.Key.Line, x.Key.Column)));
            var result = ConstraintEngine.Apply(upper, overrides, [distribution]);
            File.WriteAllText(aside / "constraints.txt", result.Text);
            // What PBR reads the dependencies from: those of a service are a layer of their own, below the service itself.
            if (File.Exists(requirements)) File.Copy(requirements, aside / "requirements.txt");
            else File.WriteAllText(aside / "requirements.txt", "");
            CopyBuildConstraints(release, aside);

            foreach (var change in result.Changes)
            {
                Log.Information("{Workspace}: {Change}", workspace, change);
                if (change.Hint is { } hint) Log.Warning("{File}:{Line}: {Hint}", change.File, change.Line, hint);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>A library is built, not installed: what counts for it are the constraints of builds.</summary>
    Task ConstrainLibraryAsync(Workspace workspace)
    {
        var inputs = new StageInputs();
        if (workspace.Release.BuildConstraintsFile is { } file) inputs.Add(ShownAs(file), Digest.OfFile(file));
        return new Stage(workspace.ConstraintsDirectory, inputs).MakeAsync(aside =>
        {
            Directory.CreateDirectory(aside);
            CopyBuildConstraints(workspace.Release, aside);
            return Task.CompletedTask;
        });
    }

    void CopyBuildConstraints(Release release, AbsolutePath directory)
    {
        if (release.BuildConstraintsFile is not { } file) return;
        _ = BuildConstraints.Read(file, ShownAs(file));
        File.Copy(file, directory / "build-constraints.txt");
    }

    static Pin WheelNameOf(Workspace library) => LibraryWheel.PinOf(IPatch.SealedOf(library));
}
