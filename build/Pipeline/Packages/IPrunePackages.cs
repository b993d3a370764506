using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Pipeline.Selection;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>A repository of packages → those that nobody needs any more.</summary>
interface IPrunePackages : IHazPackageRepository, IHazRetention
{
    Target PrunePackages => _ => _
        .Description("Lists the versions of published packages (deb, apk) that are old and not among the newest of "
            + "their service; removes them with --remove")
        .Executes(async () =>
        {
            var directory = RequireDirectory();
            var (apt, apk) = (new AptRepository(directory), new ApkRepository(directory));
            var (ofApt, ofApk) = (apt.List(), apk.List());
            if (Directory.Exists(directory / DnfRepository.Root))
                Log.Warning("Packages of rpm are not looked at: all of them stay");
            if (ofApt.Count + ofApk.Count == 0)
                throw new ProblemException($"there is no package in {directory} that is looked at: none of deb or apk",
                    "Check --package-repository");
            var rule = new PackageRetention(KeepDays, KeepBuilds, DateTimeOffset.UtcNow);
            var (oldApt, oldApk) = (rule.Expired(ofApt), rule.Expired(ofApk));
            Results.Table($"{oldApt.Count + oldApk.Count} of {ofApt.Count + ofApk.Count} packages may go",
                new TextTable(["index", "package", "since"], [.. oldApt.Concat(oldApk).Select(Cells)]));
            if (Remove) await RemoveAsync(apt, oldApt, apk, oldApk);
            ReportSummary(x => x.AddPair(Remove ? "Removed" : "Would be removed",
                $"{oldApt.Count + oldApk.Count} packages"));
        });

    async Task RemoveAsync(AptRepository apt, IReadOnlyList<PublishedPackage> ofApt, ApkRepository apk,
        IReadOnlyList<PublishedPackage> ofApk)
    {
        var key = ofApt.Count > 0 ? RequireKey() : null;
        using var apkKey = ofApk.Count > 0 ? RequireApkKey() : null;
        if (key is not null) await apt.RemoveAsync(ofApt, key);
        if (apkKey is not null) await apk.RemoveAsync(ofApk, apkKey);
    }

    static string[] Cells(PublishedPackage package) =>
        [package.Index, $"{package}", package.Since.ToString("yyyy-MM-dd", null)];
}
