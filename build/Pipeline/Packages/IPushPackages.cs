using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.NativePackages;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>Packages → a repository that a web server serves.</summary>
interface IPushPackages : IHazPackageProvenance, IHazPackageRepository
{
    Target PushPackages => _ => _
        .Description("Adds the packages of the selected services to a signed repository; what is in it stays. With a "
            + "key or an identity as Sign takes them, signs where each comes from and what it brings along")
        .DependsOn<IPackage>(x => x.Package)
        .Executes(async () =>
        {
            var services = RequireServices(nameof(PushPackages));
            var directory = RequireDirectory();
            using var keys = RequireKeys(Formats);
            await RequireAttestableAsync();
            var made = services.SelectMany(_ => Platforms, (x, y) => (x, y))
                .SelectMany(_ => Formats, (x, y) => (Service: x.x, Platform: x.y, Format: y)).ToList();
            var added = new List<AbsolutePath>();
            foreach (var (service, platform, format) in made)
                added.AddRange(await PushAsync(PackageOf(service, platform), format, directory, keys));
            var stated = await AttestAsync(made, directory);
            foreach (var package in added) Log.Information("{Package}: added", package.Name);
            ReportSummary(x => x.AddPair("Added",
                $"{(added.Count == 0 ? "nothing, all there" : $"{added.Count} packages")}, {stated} attested"));
        });

    async Task<IReadOnlyList<AbsolutePath>> PushAsync(
        ServicePackage package, IPackageFormat format, AbsolutePath directory, PackageKeys keys)
    {
        Inputs.Require(package.Directory / format.Name, nameof(Package));
        return await format.PublishAsync(directory, Distro, package.Image.Release, package.FilesOf(format), keys,
            TellWaitingForRepository);
    }
}
