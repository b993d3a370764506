using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Pipeline.Selection;

namespace OpenStack.Pipeline.Packages;

/// <summary>A repository of packages → those that nobody needs any more.</summary>
interface IPrunePackages : IHazPackageRepository, IHazRetention
{
    Target PrunePackages => _ => _
        .Description("Lists the versions of published packages that are old and not among the newest of "
            + "their service; removes them with --remove")
        .Executes(async () =>
        {
            var directory = RequireDirectory();
            var there = PackageFormats.All.Select(x => (Format: x, Packages: x.List(directory))).ToList();
            var count = there.Sum(x => x.Packages.Count);
            if (count == 0)
                throw new ProblemException($"there is no package in {directory}", "Check --package-repository");
            var rule = new PackageRetention(KeepDays, KeepBuilds, DateTimeOffset.UtcNow);
            var old = there.Select(x => (x.Format, Packages: rule.Expired(x.Packages)))
                .Where(x => x.Packages.Count > 0).ToList();
            var packages = old.SelectMany(x => x.Packages, (x, y) => (x.Format, Package: y)).ToList();
            Results.Table($"{packages.Count} of {count} packages may go", new TextTable(
                ["format", "index", "package", "since"], [.. packages.Select(x => Cells(x.Format, x.Package))]));
            if (Remove) await RemoveAsync(directory, old);
            ReportSummary(x => x.AddPair(Remove ? "Removed" : "Would be removed", $"{packages.Count} packages"));
        });

    async Task RemoveAsync(AbsolutePath directory,
        IReadOnlyList<(IPackageFormat Format, IReadOnlyList<PublishedPackage> Packages)> old)
    {
        using var keys = RequireKeys([.. old.Select(x => x.Format)]);
        foreach (var (format, packages) in old)
            await format.RemoveAsync(directory, packages, keys, TellWaitingForRepository);
        if (old.Count > 0) PackageStatements.RemoveUnused(directory);
    }

    static string[] Cells(IPackageFormat format, PublishedPackage package) =>
        [format.Name, package.Index, $"{package}", package.Since.ToString("yyyy-MM-dd", null)];
}
