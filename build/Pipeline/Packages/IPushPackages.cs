using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.NativePackages;
using OpenStack.Signing;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>Packages → a repository that a web server serves.</summary>
interface IPushPackages : IPackage, IHazPackageRepository
{
    Target PushPackages => _ => _
        .Description("Adds the packages of the selected services to a signed repository; what is in it stays")
        .DependsOn<IPackage>(x => x.Package)
        .TryAfter<ISignPackages>(x => x.SignPackages)
        .Executes(async () =>
        {
            var services = RequireServices(nameof(PushPackages));
            var (directory, key) = (RequireDirectory(), RequireKey());
            var added = new List<AbsolutePath>();
            foreach (var workspace in services)
                foreach (var platform in Platforms)
                    foreach (var format in Formats)
                        added.AddRange(await PushAsync(PackageOf(workspace, platform), format, directory, key));
            foreach (var package in added) Log.Information("{Package}: added", package.Name);
            ReportSummary(x => x.AddPair("Added", added.Count == 0 ? "nothing, all there" : $"{added.Count} packages"));
        });

    async Task<IReadOnlyList<AbsolutePath>> PushAsync(
        ServicePackage package, IPackageFormat format, AbsolutePath directory, OpenPgpKey key)
    {
        Inputs.Require(package.Directory / format.Name, nameof(Package));
        var files = package.FilesOf(format);
        // Before: who finds a package finds what is said of it.
        PackageStatements.Publish(PackageStatements.DirectoryOf(package, format), files, directory);
        return await format.PublishAsync(directory, Distro, package.Image.Release, files, key,
            () => TellWaiting("this repository"));
    }
}
