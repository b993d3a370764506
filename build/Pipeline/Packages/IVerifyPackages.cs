using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Signing;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>A repository of packages, as a client finds it.</summary>
interface IVerifyPackages : IHazPackageRepository
{
    [Parameter("Certificate that the repository must be signed with, as 'gpg --armor --export' writes it "
        + "- Default is that of --package-key")]
    AbsolutePath? PackageCertificate => TryGetValue(() => PackageCertificate);

    Target VerifyPackages => _ => _
        .Description("Verifies a repository of packages: signatures, indexes, every package by digest and name")
        .Executes(() =>
        {
            var directory = RequireDirectory();
            var certificate = CertificateOf();
            var (problems, count) = PackageFormats.Check(directory, certificate, DateTimeOffset.UtcNow);
            Log.Information("{Directory}: {Count} packages, signed by {Key}, {Problems} problems", directory, count,
                certificate.Fingerprint, problems.Count);
            ReportSummary(x => x.AddPair("Verified", $"{count} packages"));
            ProblemException.ThrowIfAny(problems);
            if (count == 0) throw new ProblemException($"there is no package in {directory}, so nothing was verified");
        });

    OpenPgpCertificate CertificateOf() => PackageCertificate is { } file
        ? OpenPgpCertificate.Read(File.ReadAllBytes(Inputs.Require(file, nameof(IPushPackages.PushPackages))), file)
        : OpenPgpCertificate.Read(RequireKey().PublicKey(), "--package-key");
}
