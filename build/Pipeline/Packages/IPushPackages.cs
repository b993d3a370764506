using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.NativePackages;
using OpenStack.Pipeline.Selection;
using OpenStack.Signing;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>Packages → a repository that a web server serves.</summary>
interface IPushPackages : IPackage, IHazPackageRepository
{
    Target PushPackages => _ => _
        .Description("Adds the packages of the selected services to a signed repository; what is in it stays")
        .DependsOn<IPackage>(x => x.Package)
        .Executes(async () =>
        {
            var services = RequireServices(nameof(PushPackages));
            var (repository, key) = (new AptRepository(RequireDirectory()), RequireKey());
            var added = new List<DebFile>();
            foreach (var workspace in services)
                foreach (var platform in Platforms)
                    added.AddRange(await PushAsync(workspace, platform, repository, key));
            foreach (var package in added) Log.Information("{Package} {Version} {Architecture}: added", package.Name,
                package.Version, package.Architecture);
            ReportSummary(x => x.AddPair("Added", added.Count == 0 ? "nothing, all there" : $"{added.Count} packages"));
        });

    async Task<IReadOnlyList<DebFile>> PushAsync(
        Workspace workspace, string platform, AptRepository repository, OpenPgpKey key)
    {
        var package = PackageOf(workspace, platform);
        Inputs.Require(package.Directory / PackageFormats.All[0].Name, nameof(Package));
        return await repository.AddAsync(Distro, workspace.Release.Name, package.FilesOf(PackageFormats.All[0]), key,
            () => TellWaiting("this repository"));
    }
}
