using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.NativePackages;
using OpenStack.Pipeline.Selection;
using OpenStack.Signing;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>What packages must be and do on a host.</summary>
interface ITestPackage : IPackage
{
    Target TestPackage => _ => _
        .Description("Installs the packages of the selected services from a repository, by the distribution's own "
            + "tools, on a host without them: a second version beside, switched, upgraded, downgraded, removed, "
            + "purged; and checks them against the contract of their images")
        .DependsOn<IPackage>(x => x.Package)
        .Executes(async () =>
        {
            var services = RequireServices(nameof(TestPackage)).SelectMany(_ => Platforms, (x, y) => (x, y)).ToList();
            var checks = (await EachAsync(services, x => x.x, (x, _) => TestAsync(x.x, x.y), atOnce: 1))
                .SelectMany(x => x).ToList();
            Results.Table("Packages", new TextTable(["", "package", "check"],
                [.. checks.Select(x => (string[])[x.Check.Holds ? "ok" : "FAIL", x.Package, x.Check.Name])]),
                isError: x => x[0] == "FAIL");
            var failed = checks.Where(x => !x.Check.Holds).ToList();
            ReportSummary(x => x.AddPair("Checks", $"{checks.Count - failed.Count} passed, {failed.Count} failed"));
            FailIfAny(failed.Select(x => ((Workspace?)x.Of,
                new Problem($"{x.Package}: {x.Check.Name}: found {x.Check.Found}"))));
        });

    async Task<IReadOnlyList<(Workspace Of, string Package, ContractCheck Check)>> TestAsync(Workspace workspace,
        string platform)
    {
        var package = PackageOf(workspace, platform);
        var directory = package.Directory / "test";
        // What is upgraded to: the same, as if it had one patch more, at the path that this would have.
        var next = package with
        {
            Version = package.Version with { Patches = package.Version.Patches + 1 },
            Directory = directory / "next",
        };
        await new PackageBuild(SettingsFor(platform), BasesFor(platform))
            .BuildAsync([next], Formats, Buildx, NoCache, () => TellWaiting("this package"));
        var repository = await RepositoryOfAsync(directory, [package, next]);
        var contract = ServiceContract.Of(package.Image, SettingsFor(platform),
            BasesFor(platform).Open(BaseImages.PythonBase), workspace.Release.EntryPointsOf(workspace.Component));
        var checks = new List<(Workspace, string, ContractCheck Check)>();
        foreach (var format in Formats)
        {
            var test = new PackageTest(format, SettingsFor(platform),
                await ExternalImageAsync(BaseImages.PythonBase, platform), repository);
            checks.AddRange((format is ApkFormat ? await TestApkAsync(package, next, directory / format.Name)
                : await TestAsync(test, package, next, directory / format.Name, contract, platform))
                .Select(x => (workspace, $"{workspace}, {format.Name}", x)));
        }

        Log.Information("{Package}: {Count} checks, {Failed} failed", package, checks.Count,
            checks.Count(x => !x.Check.Holds));
        return checks;
    }

    async Task<IReadOnlyList<ContractCheck>> TestApkAsync(
        ServicePackage package, ServicePackage next, AbsolutePath directory)
    {
        Storage.Removal.Remove(directory);
        var checks = await new ApkPackageTest(package, next).CheckAsync(directory);
        if (!checks.Any(x => x.Name.StartsWith("apk: ", StringComparison.Ordinal)))
            Log.Warning("{Package}: packages of apk were read and not installed, as there is no apk on this machine",
                package);
        // Both versions unpacked, which nobody asks for again.
        Storage.Removal.Remove(directory / "host");
        return checks;
    }

    async Task<IReadOnlyList<ContractCheck>> TestAsync(PackageTest test, ServicePackage package, ServicePackage next,
        AbsolutePath directory, ServiceContract image, string platform)
    {
        var host = await test.InstallAsync(package, next, $"{Distro}/{package.Image.Release}", directory, Buildx);
        var contract = test.ContractOf(package, image);
        await Engine.LoadAsync(host, [contract.Name]);
        var checks = await new ContractTest(Engine, RootDirectory / "build" / "Images" / "probe.py")
            .ProbeAsync(platform, contract);
        // A gigabyte each, and nobody asks for it again.
        await Engine.RemoveAsync(contract.Name);
        Storage.Removal.Remove(directory / "host");
        return checks;
    }

    /// <summary>A repository of these packages alone, signed by a key that is gone with it.</summary>
    async Task<AbsolutePath> RepositoryOfAsync(AbsolutePath directory, IReadOnlyList<ServicePackage> packages)
    {
        var repository = directory / "repository";
        Storage.Removal.Remove(repository);
        Storage.Removal.Remove(directory / "key.asc");
        OpenPgpKey.Generate(directory / "key.asc", "openstack-images, one test");
        var key = OpenPgpKey.Read(directory / "key.asc", "", DateTimeOffset.UtcNow);
        // Those of apk are tested with keys of their own.
        foreach (var (package, format) in packages.SelectMany(_ => Formats.Where(x => x is not ApkFormat),
            (x, y) => (x, y)))
            await format.PublishAsync(repository, Distro, package.Image.Release, package.FilesOf(format),
                new PackageKeys(key, null), () => TellWaiting("this repository"));
        return repository;
    }
}
