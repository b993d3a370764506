using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Signing;

namespace OpenStack.Pipeline.Packages;

/// <summary>Where packages are published, and what signs that.</summary>
interface IHazPackageRepository : IHazRun
{
    /// <summary>The variable that a key's passphrase is in: none has to be written down.</summary>
    const string Passphrase = "PACKAGE_KEY_PASSPHRASE";

    const string ApkPassphrase = "PACKAGE_APK_KEY_PASSPHRASE";

    [Parameter("Directory of the repository that packages are added to, as a web server serves it")]
    AbsolutePath? PackageRepository => TryGetValue(() => PackageRepository);

    [Parameter("OpenPGP key that signs the repository: a file as 'gpg --armor --export-secret-keys' writes it, whose "
        + "passphrase is in the variable " + Passphrase)]
    AbsolutePath? PackageKey => TryGetValue(() => PackageKey);

    [Parameter("RSA key that signs packages of apk and their indexes: a file NAME" + ApkKey.Suffix
        + " as 'abuild-keygen' or 'openssl genrsa' writes it, whose passphrase is in the variable " + ApkPassphrase
        + "; to verify, NAME" + ApkKey.Suffix + ".pub does")]
    AbsolutePath? PackageApkKey => TryGetValue(() => PackageApkKey);

    /// <exception cref="ProblemException">It is not given.</exception>
    AbsolutePath RequireDirectory() => PackageRepository
        ?? throw new ProblemException("it is not said where the repository of packages is",
            "Give --package-repository, a directory");

    /// <exception cref="ProblemException">It is not given, or cannot sign.</exception>
    OpenPgpKey RequireKey() => OpenPgpKey.Read(
        PackageKey ?? throw new ProblemException("it is not said what signs the repository",
            "Give --package-key, a file as 'gpg --armor --export-secret-keys' writes it"),
        Environment.GetEnvironmentVariable(Passphrase) ?? "", DateTimeOffset.UtcNow);

    /// <exception cref="ProblemException">It is not given, or cannot sign.</exception>
    ApkKey RequireApkKey() => ApkKey.Read(RequireApkKeyFile(),
        Environment.GetEnvironmentVariable(ApkPassphrase) ?? "");

    /// <summary>What each of the formats is signed with, asked for before anything is changed.</summary>
    PackageKeys RequireKeys(IReadOnlyList<IPackageFormat> formats) => new(
        formats.Any(x => x is not ApkFormat) ? RequireKey() : null,
        formats.Any(x => x is ApkFormat) ? RequireApkKey() : null);

    /// <exception cref="ProblemException">It is not given, or no key.</exception>
    ApkPublicKey RequireApkPublicKey()
    {
        if (RequireApkKeyFile() is var file && file.Name.EndsWith(".pub", StringComparison.Ordinal))
            return ApkPublicKey.Read(file);
        using var key = RequireApkKey();
        return key.Public;
    }

    IDisposable TellWaitingForRepository() => TellWaitingFor("changes this repository");

    AbsolutePath RequireApkKeyFile() => PackageApkKey
        ?? throw new ProblemException("it is not said what signs packages of apk",
            $"Give --package-apk-key, a file NAME{ApkKey.Suffix} as 'abuild-keygen' writes it");
}
