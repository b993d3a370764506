using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;

namespace OpenStack.Pipeline.Packages;

/// <summary>Where packages are published, and what signs that.</summary>
interface IHazPackageRepository : IHazRun
{
    /// <summary>The variable that a key's passphrase is in: none has to be written down.</summary>
    const string Passphrase = "PACKAGE_KEY_PASSPHRASE";

    [Parameter("Directory of the repository that packages are added to, as a web server serves it")]
    AbsolutePath? PackageRepository => TryGetValue(() => PackageRepository);

    [Parameter("OpenPGP key that signs the repository: a file as 'gpg --armor --export-secret-keys' writes it, whose "
        + "passphrase is in the variable " + Passphrase)]
    AbsolutePath? PackageKey => TryGetValue(() => PackageKey);

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
