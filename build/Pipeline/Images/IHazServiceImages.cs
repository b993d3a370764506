using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Images;

/// <summary>Everything that service images are built from, as the stages before left it.</summary>
interface IHazServiceImages : IHazInputs, IPatch, IConstrain
{
    ServiceImage ImageOf(Workspace workspace, string platform) => Catalog.KindOf(workspace.Component) switch
    {
        ImageKind.Native => NativeImageOf(workspace, platform),
        _ => PythonImageOf(workspace, platform),
    };

    PythonImage PythonImageOf(Workspace workspace, string platform)
    {
        var source = SealedOf(workspace).Source;
        CheckDistribution(workspace, source.Distribution);
        var packages = workspace.Release.PackagesOf(workspace.Component);
        return new PythonImage(
            workspace.Component,
            workspace.Release.Name,
            source.Version,
            source.Source.Revision,
            source.Source.Remote,
            source.CommittedAt,
            source.Distribution,
            workspace.SourceDirectory / "tree",
            Digest.OfFile(workspace.SealedFile),
            Inputs.Require(workspace.ConstraintsDirectory, nameof(Constrain)))
        {
            Directory = workspace.PlatformDirectory(platform),
            FromSource = OpenStack.Wheels.FromSource.Parse(FromSource).Names,
            PipExtras = packages.PipExtras,
            PipPackages = [.. packages.PipPackages, .. PluginsOf(workspace).Select(x =>
                SealedOf(x).Source.Distribution)],
            AptPackages = RuntimePackagesOf(workspace, PythonImage.SharedName),
            Options = packages.Options,
            Series = workspace.Release.Series,
            Data = Catalog.ImageData[workspace.Component],
            Layers = LayersOf(workspace),
            Wheelhouse = WheelsFor(platform, workspace),
            Lock = ImageLockFor(SubjectOf(workspace, platform)),
            LibrariesDirectory = LibrariesOf(workspace).Count > 0
                ? Inputs.Require(workspace.LibrariesDirectory(platform), nameof(IBuildLibraries.BuildLibraries))
                : null,
        };
    }

    NativeImage NativeImageOf(Workspace workspace, string platform)
    {
        var source = SealedOf(workspace).Source;
        var packages = workspace.Release.PackagesOf(workspace.Component);
        return new NativeImage(
            workspace.Component,
            workspace.Release.Name,
            source.Version,
            source.Source.Revision,
            source.Source.Remote,
            source.CommittedAt,
            workspace.SourceDirectory / "tree",
            Digest.OfFile(workspace.SealedFile))
        {
            Directory = workspace.PlatformDirectory(platform),
            AptPackages = RuntimePackagesOf(workspace, NativeImage.SharedName),
            Trees = [.. PluginsOf(workspace).Select(TreeOf)],
            BuildPackages = SystemPackagesOf(packages.BuildProfilesOf(workspace.Component)),
            Options = packages.Options,
            Series = workspace.Release.Series,
            Data = Catalog.ImageData[workspace.Component],
            Layers = LayersOf(workspace),
            Lock = ImageLockFor(SubjectOf(workspace, platform)),
        };
    }

    IReadOnlyList<PlannedLayer>? LayersOf(Workspace workspace)
    {
        var file = RefLocks / workspace.Release.Name / LayerPlan.Name;
        return LayerPlan.Read(file, ShownAs(file))?.Of(workspace.Component);
    }

    static NativeTree TreeOf(Workspace workspace)
    {
        var source = SealedOf(workspace).Source;
        return new NativeTree(workspace.Component, source.Version, source.Source.Remote,
            workspace.SourceDirectory / "tree", Digest.OfFile(workspace.SealedFile));
    }

    /// <param name="shared">What images of its kind begin with.</param>
    IReadOnlyList<string> RuntimePackagesOf(Workspace workspace, string shared)
    {
        var packages = workspace.Release.PackagesOf(workspace.Component);
        return [.. SystemPackagesOf([shared, .. packages.ProfilesOf(workspace.Component)])
            .Union(packages.AptPackagesFor(BindepPlatform.Of(Distro)))];
    }

    /// <summary>Entry points that belong to another distribution would be checked in vain.</summary>
    static void CheckDistribution(Workspace workspace, string distribution)
    {
        if (workspace.Release.EntryPointsOf(workspace.Component) is not { } entryPoints
            || PythonName.Of(entryPoints.Distribution) == PythonName.Of(distribution))
            return;
        throw new ProblemException(new Problem($"the distribution of {workspace.Component} is "
            + $"{entryPoints.Distribution} here, and {distribution} in its source",
            $"releases/{workspace.Release.Name}/{EntryPointsFile.Name}",
            Remedy: $"Write 'distribution: {distribution}'"));
    }
}
