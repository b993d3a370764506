using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Selection;
using OpenStack.Storage;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.Sources;

/// <summary>Upper constraints and overrides → the constraints that an image is built with.</summary>
interface IConstrain : IKeepGoing
{
    [Parameter("Pins that take the place of upper constraints before the overrides, the "
        + "versions that a wheelhouse has: a file, or a directory with a <service>.txt for each")]
    AbsolutePath? Pins => TryGetValue(() => Pins);

    /// <exception cref="ProblemException">The file is not there.</exception>
    AbsolutePath? PinsFor(Workspace workspace)
    {
        var file = Directory.Exists(Pins) ? Pins! / $"{workspace.Component}.txt" : Pins;
        return file is null || File.Exists(file) ? file : throw new ProblemException(
            $"--pins names {file}, which is not there", "Name a file, or a directory that has one for each service");
    }

    /// <summary>The pins of what its tests want besides, where <c>--pins</c> tells services apart.</summary>
    AbsolutePath? TestPinsFor(Workspace workspace) =>
        Pins is { } pins && pins / $"{workspace.Component}-tests.txt" is var file && File.Exists(file) ? file : null;

    Target Constrain => _ => _
        .Description("Applies overrides/<release>/constraints.txt, and the libraries that are built from source, "
            + "to the upper constraints")
        .DependsOn<IPatch>(x => x.Patch)
        // One after the other: what they change is reported in order, and takes milliseconds.
        .Executes(() => EachAsync(Sources, x => x,
            (x, _) => Catalog.KindOf(x.Component) != ImageKind.Python ? TellUnconstrained(x)
                : Libraries.Contains(x) ? ConstrainLibraryAsync(x) : ConstrainAsync(x), atOnce: 1));

    static Task TellUnconstrained(Workspace workspace)
    {
        Log.Information("{Workspace}: nothing to constrain, as it is no Python distribution", workspace);
        return Task.CompletedTask;
    }

    async Task ConstrainAsync(Workspace workspace)
    {
        var release = workspace.Release;
        var distribution = IPatch.SealedOf(workspace).Source.Distribution;
        var libraries = LibraryPinsOf(workspace);
        await ConstraintsStageOf(workspace).MakeAsync(aside =>
        {
            Directory.CreateDirectory(aside);
            var upper = UpperConstraints.Read(release.UpperConstraintsFile, ShownAs(release.UpperConstraintsFile));
            // Last: whatever else was wanted of them, these are the libraries that there will be.
            var result = ConstraintEngine.Apply(upper, [.. OverridesFor(workspace, upper), .. libraries.Select(x =>
                ConstraintOverrides.OfWheel(x.Value, x.Key.File, x.Key.Line, x.Key.Column))], [distribution]);
            File.WriteAllText(aside / "constraints.txt", result.Text);
            CopyBuildConstraints(release, aside);
            foreach (var change in result.Changes) Tell(workspace, change);
            return Task.CompletedTask;
        });
    }

    /// <summary>The pins of the libraries that a service gets from source.</summary>
    Dictionary<SourceRef, Pin> LibraryPinsOf(Workspace workspace) => LibrariesOf(workspace)
        .ToDictionary(x => workspace.Release.SourceRefs[x.Component], x => LibraryWheel.PinOf(IPatch.SealedOf(x)));

    /// <summary>The stage that the constraints of a service are.</summary>
    /// <exception cref="ProblemException">Sources are not there.</exception>
    Stage ConstraintsStageOf(Workspace workspace)
    {
        var release = workspace.Release;
        var inputs = new StageInputs().Add("distribution", IPatch.SealedOf(workspace).Source.Distribution);
        IReadOnlyList<AbsolutePath?> files =
            [release.UpperConstraintsFile, PinsFor(workspace), release.OverridesFile, release.BuildConstraintsFile];
        foreach (var (source, wheel) in LibraryPinsOf(workspace)) inputs.Add($"library.{source.Component}", wheel.Text);
        foreach (var file in files.OfType<AbsolutePath>()) inputs.Add(ShownAs(file), Digest.OfFile(file));
        return new Stage(workspace.ConstraintsDirectory, inputs);
    }

    /// <summary>The pins of the wheelhouse, then the overrides of the release.</summary>
    IEnumerable<ConstraintOverrides> OverridesFor(Workspace workspace, UpperConstraints upper)
    {
        var pins = PinsFor(workspace);
        var wheelhouse = pins is null ? null : ConstraintOverrides.Read(pins, ShownAs(pins), isWheelhouse: true);
        if (wheelhouse is not null) yield return wheelhouse;
        if (workspace.Release.OverridesFile is not { } file) yield break;
        var own = ConstraintOverrides.Read(file, ShownAs(file));
        yield return own;
        // What upper constraints do not know, the overrides only keep from floating; the wheelhouse does so too.
        if (wheelhouse?.OfAdditions(upper, own) is not { } instead) yield break;
        foreach (var item in instead.Items)
            Log.Information("{Workspace}: {Pin} of the wheelhouse stands in for what {File} says", workspace,
                item.Pin!.Text, own.File);
        yield return instead;
    }

    static void Tell(Workspace workspace, ConstraintChange change)
    {
        Log.Information("{Workspace}: {Change}", workspace, change);
        if (change.Hint is { } hint) Log.Warning("{File}:{Line}: {Hint}", change.File, change.Line, hint);
    }

    /// <summary>A library is built, not installed: what counts for it are the constraints of builds.</summary>
    Task ConstrainLibraryAsync(Workspace workspace) => LibraryConstraintsStageOf(workspace).MakeAsync(aside =>
    {
        Directory.CreateDirectory(aside);
        CopyBuildConstraints(workspace.Release, aside);
        return Task.CompletedTask;
    });

    /// <summary>The stage that the constraints of a library are.</summary>
    Stage LibraryConstraintsStageOf(Workspace workspace)
    {
        var inputs = new StageInputs();
        if (workspace.Release.BuildConstraintsFile is { } file) inputs.Add(ShownAs(file), Digest.OfFile(file));
        return new Stage(workspace.ConstraintsDirectory, inputs);
    }

    void CopyBuildConstraints(Release release, AbsolutePath directory)
    {
        if (release.BuildConstraintsFile is not { } file) return;
        _ = BuildConstraints.Read(file, ShownAs(file));
        File.Copy(file, directory / "build-constraints.txt");
    }
}
