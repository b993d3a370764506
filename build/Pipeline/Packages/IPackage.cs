using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.NativePackages;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>Native packages of the services, of the same virtual environments as their images.</summary>
interface IPackage : IBuildWheels
{
    [Parameter("Formats of packages: 'deb', 'rpm', 'apk' - Default is 'deb'", Separator = " ")]
    string[] PackageFormat => TryGetValue(() => PackageFormat) ?? [];

    [Parameter("Tells apart two builds of the same version and patches, as when a dependency has moved - Default is 1")]
    int PackageRevision => TryGetValue<int?>(() => PackageRevision) ?? 1;

    [Parameter("Who answers for the packages, as in 'Name <name@example.org>'")]
    string PackageMaintainer => TryGetValue(() => PackageMaintainer)
        ?? "openstack-images <openstack-images@users.noreply.github.com>";

    IReadOnlyList<IPackageFormat> Formats => PackageFormats.Select(PackageFormat);

    Target Package => _ => _
        .Description("Makes packages of the selected services, with the virtual environment of their images, at a "
            + "path of each version's own")
        .DependsOn<IBuildBase>(x => x.BuildBase)
        .DependsOn<IBuildWheels>(x => x.BuildWheels)
        .Executes(async () =>
        {
            var formats = Formats;
            RequireServices(nameof(Package));
            var made = new List<string>();
            foreach (var platform in Platforms) made.AddRange(await PackageAsync(platform, formats));
            ReportBuilt(made);
        });

    /// <returns>What was not up to date.</returns>
    async Task<IReadOnlyList<string>> PackageAsync(string platform, IReadOnlyList<IPackageFormat> formats)
    {
        var watch = Stopwatch.StartNew();
        var all = Each(Selection, x => x, x => (Of: x, Package: PackageOf(x, platform)));
        var made = await TogetherAsync(all, x => PackageBuild.NameOf(x.Package), x => [x.Of],
            left => new PackageBuild(SettingsFor(platform), BasesFor(platform)).BuildAsync(
                [.. left.Select(x => x.Package)], formats, Buildx, NoCache, () => TellWaiting("this package")));
        var packages = all.Where(x => Selection.Contains(x.Of)).Select(x => x.Package);
        foreach (var (package, format) in packages.SelectMany(_ => formats, (x, y) => (x, y)))
            foreach (var file in package.FilesOf(format))
                Log.Information("{Package}: {File}, {Size} kB ({State})", package, ShownAs(file),
                    new FileInfo(file).Length / 1000,
                    made.Contains((package, format)) ? $"built, {Results.Shown(watch.Elapsed)}" : "up to date");
        return [.. made.Select(x => $"{x.Package}").Distinct()];
    }

    /// <summary>Everything that the packages of a service are made of, as the stages before left it.</summary>
    ServicePackage PackageOf(Workspace workspace, string platform)
    {
        if (Catalog.KindOf(workspace.Component) != ImageKind.Python)
            throw new ProblemException($"packages are made of Python services, and {workspace.Component} is none",
                $"Leave it out of --service, or take what {Distro} has");
        var image = PythonImageOf(workspace, platform);
        Inputs.Require(image.DependenciesDirectory, nameof(BuildWheels));
        var files = PackageFiles.Read(RootDirectory / "packages", workspace.Component, out var data);
        return new ServicePackage(image,
            new PackageVersion(PythonVersion.Parse(image.Version), PatchesOf(workspace, image), PackageRevision),
            data, files)
        {
            Directory = workspace.PackagesDirectory(platform),
            Distribution = Distro,
            Maintainer = PackageMaintainer,
            Scripts = workspace.Release.EntryPointsOf(workspace.Component)?.Scripts ?? [],
            RuntimePackages = [.. SystemPackagesOf(BaseImages.PythonBase).Union(image.AptPackages)],
        };
    }

    /// <summary>The patches of the service, and those of the libraries that it is installed with.</summary>
    int PatchesOf(Workspace workspace, PythonImage image)
    {
        var installed = PyLock.Read(image.ClosureDirectory / "pylock.toml", image.Distribution)
            .Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        return LibrariesOf(workspace).Select(IPatch.SealedOf)
            .Where(x => installed.Contains(PythonName.Of(x.Source.Distribution).Value))
            .Append(IPatch.SealedOf(workspace)).Sum(x => x.Patches.Count);
    }
}
