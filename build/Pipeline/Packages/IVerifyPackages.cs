using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Signing;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>A repository of packages, as a client finds it.</summary>
interface IVerifyPackages : IHazPackageRepository, IHazTrust
{
    [Parameter("Certificate that the repository must be signed with, as 'gpg --armor --export' writes it "
        + "- Default is that of --package-key")]
    AbsolutePath? PackageCertificate => TryGetValue(() => PackageCertificate);

    Target VerifyPackages => _ => _
        .Description("Verifies a repository of packages: signatures, indexes, every package by digest and name, and, "
            + "with a key or an identity as Verify takes them, what is said of the packages")
        .TryAfter<IPushPackages>(x => x.PushPackages)
        .Executes(async () =>
        {
            var directory = RequireDirectory();
            var trust = new PackageTrust(new(CertificateOf), new(RequireApkPublicKey), DateTimeOffset.UtcNow);
            var (problems, count) = PackageFormats.Check(directory, trust);
            Log.Information("{Directory}: {Count} packages, signed by {Keys}, {Problems} problems", directory, count,
                trust, problems.Count);
            ReportSummary(x => x.AddPair("Verified", $"{count} packages"));
            ProblemException.ThrowIfAny([.. problems, .. HasTrust ? await VerifyStatementsAsync(directory) : []]);
            if (count == 0) throw new ProblemException($"there is no package in {directory}, so nothing was verified");
        });

    OpenPgpCertificate CertificateOf() => PackageCertificate is { } file
        ? OpenPgpCertificate.Read(File.ReadAllBytes(Inputs.Require(file, nameof(IPushPackages.PushPackages))), file)
        : OpenPgpCertificate.Read(RequireKey().PublicKey(), "--package-key");

    /// <summary>As anybody verifies them, by cosign. A package of which nothing is said is told, not refused.</summary>
    async Task<IReadOnlyList<Problem>> VerifyStatementsAsync(AbsolutePath directory)
    {
        var trust = Trust;
        await CosignProgram.RequireAsync();
        var offline = trust.Key is null ? null : await OfflineConfigurationAsync();
        var packages = PackageStatements.In(directory).ToList();
        foreach (var of in packages.Where(x => x.Bundles.Count < PackageStatements.Types.Count))
            Log.Warning("{Package}: nobody has signed where it comes from", of.Package.Name);
        var problems = await Task.WhenAll(packages.SelectMany(x => x.Bundles, async (x, bundle) =>
            await CosignProgram.RefusalOfBlobAsync(x.Package, bundle.Value, bundle.Key, trust, offline) is { } why
                ? new Problem($"the {PredicateTypes.NameOf(bundle.Key)} of {x.Package.Name} is not to be believed: "
                    + why, bundle.Value)
                : null));
        ReportSummary(x => x.AddPair("Statements", $"{problems.Count(y => y is null)} of {problems.Length} verified"));
        return [.. problems.OfType<Problem>()];
    }
}
