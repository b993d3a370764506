using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Images;

/// <summary>What the image of a service was built from, as the stages recorded it: the arguments of a later run change
/// nothing of it.</summary>
/// <param name="Service">The service × release.</param>
/// <param name="Source">Its patched tree.</param>
/// <param name="Libraries">Those of the libraries that were built from source for it.</param>
/// <param name="Kind">What they are.</param>
/// <param name="NotCommitted">What of these is not what <c>source-refs.yaml</c> says, and how; empty where all of it
/// is.</param>
sealed record ImageOrigin(Workspace Service, SealedTree Source, IReadOnlyList<SealedTree> Libraries,
    ImageKind Kind, IReadOnlyList<string> NotCommitted)
{
    /// <summary>Begins the name by which <c>Constrain</c> records a library.</summary>
    const string Library = "library.";

    /// <param name="libraries">Those of this run, which count as long as nothing is built.</param>
    /// <param name="kind">What the service is.</param>
    /// <param name="committed">What <c>source-refs.yaml</c> says of a component; null where it says nothing.</param>
    /// <exception cref="ProblemException">The tree is not there, or the image is of another one.</exception>
    public static ImageOrigin Read(Workspace workspace, IReadOnlyList<Workspace> libraries, ImageKind kind,
        Func<string, RefRequest?> committed)
    {
        var source = IPatch.SealedOf(workspace);
        RequireSame(workspace);
        var record = new Stage(workspace.ConstraintsDirectory, new StageInputs()).InputsFile;
        var isBuilt = BuiltImage.Of(workspace).IsBuilt && File.Exists(record);
        if (isBuilt) libraries = LibrariesIn(record, workspace);
        var built = libraries.Select(IPatch.SealedOf).ToList();
        return new ImageOrigin(workspace, source, built, kind, [.. built.Prepend(source)
            .Select(x => Differs(x.Source.Source, committed(x.Source.Source.Component))).OfType<string>()]);
    }

    /// <summary>What of it is in the tags of the image.</summary>
    public TaggedService Tagged => new(Service.Component, Service.Release.Name, Source.Source.Version, CountPatches(),
        Source.Source.Source.Branch, Source.Source.Source.Kind == RefKind.Local ? null : Source.Source.Source.Commit);

    /// <summary>
    /// Those of the service, and those of the patched libraries that its image has: which it has, only the image knows,
    /// unless it is built from all of them.
    /// </summary>
    int CountPatches()
    {
        var patched = Libraries.Where(x => x.Patches.Count > 0).ToList();
        if (patched.Count == 0) return Source.Patches.Count;
        if (Kind == ImageKind.Native) return Source.Patches.Count + patched.Sum(x => x.Patches.Count);
        var installed = ImageContents.Of(BuiltImage.Of(Service).Open()).Distributions;
        return Source.Patches.Count + patched.Where(x => installed.Contains(PythonName.Of(x.Source.Distribution)))
            .Sum(x => x.Patches.Count);
    }

    static List<Workspace> LibrariesIn(AbsolutePath record, Workspace workspace) =>
        [.. StageInputs.Read(record).Values.Keys.Where(x => x.StartsWith(Library, StringComparison.Ordinal))
            .Select(x => workspace with { Component = x[Library.Length..] })];

    /// <summary>The build that made it: one from other sources than those of its commit is as good as one from a
    /// changed work tree.</summary>
    public BuildRevision Of(BuildRevision build) => NotCommitted.Count == 0 ? build : build with { IsDirty = true };

    /// <summary>The tree may have been made again since, from another ref or with other patches.</summary>
    static void RequireSame(Workspace workspace)
    {
        var image = BuiltImage.Of(workspace);
        if (!image.IsBuilt || !File.Exists(image.InputsFile)) return;
        const string source = "source.digest";
        var built = StageInputs.Read(image.InputsFile).Values
            .Where(x => x.Key == source || x.Key.StartsWith($"{source} (", StringComparison.Ordinal))
            .Select(x => x.Value);
        if (built.Any(x => x != Digest.OfFile(workspace.SealedFile)))
            throw new ProblemException($"the image of {workspace} was built from another source than the one that "
                + $"{workspace.SourceDirectory} has now, so nobody knows what its tags are",
                $"Run the target {nameof(IBuildService.BuildService)} first");
    }

    static string? Differs(ResolvedRef built, RefRequest? committed) =>
        built.Kind == RefKind.Local ? $"{built.Component} is built from a local tree"
        : committed is null ? $"{built.Component} is built from {built.Ref}, and source-refs.yaml does not have it"
        : !committed.Names.Contains(built.Ref) || built.Remote != RemoteUrl.WithoutCredentials(committed.Remote)
            ? $"{built.Component} is built from {built.Ref} of {built.Remote}, and source-refs.yaml says "
                + $"{committed.Ref} of {RemoteUrl.WithoutCredentials(committed.Remote)}"
        : null;
}
