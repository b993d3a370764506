using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// A directory that apk takes for a host. What the packages depend on of a distribution, a package says that it has;
/// scripts are not run, as there is nothing there to run them.
/// </summary>
/// <param name="root">The host.</param>
/// <param name="repository">Where packages come from.</param>
/// <param name="key">Whose.</param>
sealed class ApkHost(AbsolutePath root, AbsolutePath repository, ApkPublicKey key)
{
    const string Program = "apk";

    /// <summary>Whether this machine has apk.</summary>
    public static bool IsHere { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(x => x.Length > 0 && File.Exists(Path.Combine(x, Program)));

    /// <summary>Installs, switches and removes two versions, and says what became of them.</summary>
    public async Task LiveAsync(ServicePackage package, ServicePackage next, List<ContractCheck> checks)
    {
        Removal.Remove(root);
        AtomicFile.WriteText(root / "etc" / "apk" / "keys" / key.Name, key.Pem);
        var format = new ApkFormat();
        var files = package.FilesOf(format).Concat(next.FilesOf(format)).Select(ApkFile.Read).ToList();
        var architecture = files.Select(x => x.Info.Architecture).First(x => x != ApkFormat.AnyArchitecture);
        var distribution = root.Parent! / "distribution.apk";
        ApkWriter.Write(distribution, new ApkInfo("distribution", "1-r1", architecture)
        {
            Provides = [.. files.SelectMany(x => x.Info.Depends).Where(x => x.Contains(':')).Distinct()
                .Select(x => $"{x}=1")],
        }, [], [new ApkEntry("etc", TarKind.Directory, 0x1ed)]);
        async Task DoAsync(string what, params string[] arguments)
        {
            var result = await new Command(Program, ["--root", root, "--arch", architecture, "--no-logfile",
                "--repository", repository / ApkRepository.Place / package.Distribution / package.Image.Release,
                .. arguments, "--no-scripts"]).RunAsync();
            checks.Add(new ContractCheck($"apk: {what}", result.Succeeded, result.Tail(3)));
        }

        void Runs(ServicePackage one) => checks.Add(new ContractCheck($"apk: it runs {one.Version.Name}",
            new FileInfo($"{root}{one.Home}/current").LinkTarget == one.Version.Name
            && File.Exists($"{root}{one.Prefix}/pyvenv.cfg"), ""));

        await DoAsync("a host", "add", "--initdb", "--allow-untrusted", distribution);
        await DoAsync($"{package.Name} is installed", "add", $"{package.Name}={package.Version.Apk}");
        Runs(package);
        await DoAsync($"{next.VersionName} is installed beside it", "add", next.VersionName, package.VersionName);
        Runs(package);
        await DoAsync("an upgrade switches", "add", $"{package.Name}={next.Version.Apk}");
        Runs(next);
        await DoAsync("a downgrade switches back", "add", $"{package.Name}={package.Version.Apk}");
        Runs(package);
        await DoAsync($"{next.VersionName} is removed", "del", next.VersionName);
        Runs(package);
        await DoAsync("all is removed", "del", package.Name, package.VersionName);
        checks.Add(new ContractCheck("apk: nothing is left below /opt", !Directory.Exists(root / "opt"), ""));
    }
}
