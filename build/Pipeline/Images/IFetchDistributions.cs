using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Indexes;
using OpenStack.Locks;
using OpenStack.Network;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>What images install, and what that is built with, out of package indexes of one's own.</summary>
interface IFetchDistributions : IHazInputs, IPatch, IConstrain
{
    Target FetchDistributions => _ => _
        .Description("Downloads what the selected images install from the indexes that --index and --default-index "
            + "name, so that no build sees an index, a password or a proxy")
        .DependsOn<IPatch>(x => x.Patch)
        .DependsOn<IConstrain>(x => x.Constrain)
        .OnlyWhenStatic(() => BuildsWheelsOffline)
        .Executes(async () =>
        {
            using var client = new HttpClient(TlsTrust.NewHandler()) { Timeout = TimeSpan.FromSeconds(30) };
            var indexes = OpenIndexes(client);
            Log.Information("Indexes: {Indexes}", string.Join(", then ", indexes.Indexes.Select(x => x.Index)));
            var (count, bytes) = (0, 0L);
            foreach (var platform in Platforms)
            {
                foreach (var workspace in PythonSelection)
                {
                    var report = await FetchAsync(workspace, platform, indexes);
                    (count, bytes) = (count + report.Fetched, bytes + report.Bytes);
                }
            }

            ReportSummary(x => x.AddPair("Downloaded", $"{count} files, {bytes / 1_000_000} MB"));
        });

    async Task<PrefetchReport> FetchAsync(Workspace workspace, string platform, IndexList indexes)
    {
        var python = ImagePython.Of(Distro, [platform], () => null);
        var environment = MarkerEnvironment.Linux(python.Version, ImagePython.MachineOf(platform));
        var wheelhouse = IndexWheelhouseFor(workspace, platform);
        using var scratch = new ScratchDirectory(TemporaryDirectory);
        void Report(string line) => Log.Information("  {Line}", line);
        var search = new DistributionSearch(indexes, python, environment,
            x => wheelhouse.FetchAsync(x, indexes, Report), scratch.Path);
        var found = await search.RunAsync(WantedFor(workspace));
        var report = await wheelhouse.MakeAsync(found, indexes, Report);
        Log.Information("{Workspace}: {Count} distributions, of which {Fetched} were downloaded", workspace,
            found.Count, report.Fetched);
        return report;
    }

    /// <summary>
    /// As far as files say it: all of the service, of its plugins and of the libraries of its release.
    /// </summary>
    WantedDistributions WantedFor(Workspace workspace)
    {
        var packages = workspace.Release.PackagesOf(workspace.Component);
        var libraries = LibrariesOf(workspace).Where(x => Catalog.KindOf(x.Component) == ImageKind.Python).ToList();
        var service = ProjectRequirements.Read(workspace.SourceDirectory / "tree", packages.PipExtras);
        var others = libraries.Select(x => ProjectRequirements.Read(x.SourceDirectory / "tree", [])).ToList();
        var (constraints, build) = (workspace.ConstraintsDirectory / "constraints.txt",
            workspace.ConstraintsDirectory / "build-constraints.txt");
        return new WantedDistributions(
            [
                .. service.Runtime, .. others.SelectMany(x => x.Runtime),
                .. packages.PipPackages.Select(x => Requirement.TryParse(x, out _)).OfType<Requirement>(),
            ],
            [.. service.Build, .. others.SelectMany(x => x.Build)])
        {
            Constraints =
            [
                .. UpperConstraints.Read(constraints, constraints.Name).Pins.Select(x => new Requirement(x.Name, [],
                    [new VersionSpecifier(x.Operator, x.Version)], x.Marker)),
            ],
            BuildConstraints = File.Exists(build) ? BuildConstraints.Read(build, build.Name).Requirements : [],
            Own = libraries.Append(workspace).Select(x => PythonName.Of(SealedOf(x).Source.Distribution)).ToHashSet(),
            FromSource = x => FromSource.Contains(x.Value) || FromSource.Contains(OpenStack.Wheels.FromSource.All),
        };
    }
}
