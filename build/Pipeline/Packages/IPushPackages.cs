using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Pipeline.Selection;
using OpenStack.Signing;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>Packages → a repository that a web server serves.</summary>
interface IPushPackages : IPackage
{
    /// <summary>The variable that a key's passphrase is in: none has to be written down.</summary>
    const string Passphrase = "PACKAGE_KEY_PASSPHRASE";

    [Parameter("Directory of the repository that packages are added to, as a web server serves it")]
    AbsolutePath? PackageRepository => TryGetValue(() => PackageRepository);

    [Parameter("OpenPGP key that signs the repository: a file as 'gpg --armor --export-secret-keys' writes it, whose "
        + "passphrase is in the variable " + Passphrase)]
    AbsolutePath? PackageKey => TryGetValue(() => PackageKey);

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
        Inputs.Require(package.Directory / NativePackages.PackageFormat.Deb, nameof(Package));
        return await repository.AddAsync(Distro, workspace.Release.Name, package.DebFiles, key,
            () => TellWaiting("this repository"));
    }

    /// <exception cref="ProblemException">It is not given.</exception>
    AbsolutePath RequireDirectory() => PackageRepository
        ?? throw new ProblemException("it is not said where the repository of packages is",
            "Give --package-repository, a directory");

    /// <exception cref="ProblemException">It is not given, or cannot sign.</exception>
    OpenPgpKey RequireKey() => OpenPgpKey.Read(
        PackageKey ?? throw new ProblemException("it is not said what signs the repository",
            "Give --package-key, a file as 'gpg --armor --export-secret-keys' writes it"),
        Environment.GetEnvironmentVariable(Passphrase) ?? "", DateTimeOffset.UtcNow);
}
