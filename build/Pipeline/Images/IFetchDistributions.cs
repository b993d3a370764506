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
            using var files = Prefetcher.NewClient();
            var indexes = OpenIndexes(client);
            Log.Information("Indexes: {Indexes}", string.Join(", then ", indexes.Indexes.Select(x => x.Index)));
            var reports = await EachAsync(Fetched, x => x.Workspace,
                (x, _) => FetchAsync(x.Workspace, x.Platform, x.OfTests, indexes, files), atOnce: 1);
            ReportSummary(x => x.AddPair("Downloaded",
                $"{reports.Sum(y => y.Fetched)} files, {reports.Sum(y => y.Bytes) / 1_000_000} MB"));
        });

    /// <summary>What is fetched; upstream's tests, where they are run, want more than images have.</summary>
    IEnumerable<(Workspace Workspace, string Platform, bool OfTests)> Fetched =>
        from platform in Platforms
        from workspace in PythonSelection
        from ofTests in ExecutionPlan.Any(x => x.Name == nameof(ITestSource.TestSource))
            ? new[] { false, true } : [false]
        select (workspace, platform, ofTests);

    async Task<PrefetchReport> FetchAsync(Workspace workspace, string platform, bool ofTests, IndexList indexes,
        HttpClient files)
    {
        var python = ImagePython.Of(Distro, [platform], () => null);
        var environment = MarkerEnvironment.Linux(python.Version, ImagePython.MachineOf(platform));
        var wheelhouse = IndexWheelhouseFor(workspace, platform, ofTests, files);
        using var scratch = new ScratchDirectory(TemporaryDirectory);
        var search = new DistributionSearch(indexes, python, environment,
            x => wheelhouse.FetchAsync(x, indexes, Run.Watch), scratch.Path);
        var found = await search.RunAsync(WantedFor(workspace, ofTests));
        TellUnread(workspace, search.Unread);
        var report = await wheelhouse.MakeAsync(found, indexes, Run.Watch);
        Log.Information("{Workspace}{OfTests}: {Count} distributions, of which {Fetched} were downloaded", workspace,
            ofTests ? ", with what its tests want" : "", found.Count, report.Fetched);
        return report;
    }

    static void TellUnread(Workspace workspace, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Log.Warning("{Workspace}: '{Line}' is no requirement that is understood, and nothing is fetched for it",
                workspace, line);
    }

    /// <summary>
    /// As far as files say it: all of the service, of its plugins and of the libraries of its release.
    /// </summary>
    WantedDistributions WantedFor(Workspace workspace, bool ofTests)
    {
        var packages = workspace.Release.PackagesOf(workspace.Component);
        var libraries = LibrariesOf(workspace).Where(x => Catalog.KindOf(x.Component) == ImageKind.Python).ToList();
        var trees = libraries.Prepend(workspace).Select(x => x.SourceDirectory / "tree").ToList();
        var tests = ofTests ? Catalog.ImageData[workspace.Component].Tests : null;
        var read = trees.Select((x, i) => ProjectRequirements.Read(x,
            i > 0 ? [] : [.. packages.PipExtras, .. tests?.Extras ?? []]));
        if (tests is not null) read = read.Append(ProjectRequirements.OfFiles(
            [.. tests.Requirements.Select(x => trees[0] / x),
                .. trees.Skip(1).SelectMany(x => new TestSettings().Requirements.Select(y => x / y))]));
        var all = read.ToList();
        TellUnread(workspace, all.SelectMany(x => x.Unread));
        var (constraints, build) = (workspace.ConstraintsDirectory / "constraints.txt",
            workspace.ConstraintsDirectory / "build-constraints.txt");
        var pins = UpperConstraints.Read(constraints, constraints.Name).Pins;
        // What a tree's own image is constrained by, its tests may be told otherwise.
        if (ofTests && TestPinsFor(workspace) is { } file)
        {
            var others = UpperConstraints.Read(file, ShownAs(file)).Pins;
            pins = [.. pins.Where(x => others.All(y => y.Key != x.Key)), .. others];
        }

        return new WantedDistributions(
            [
                .. all.SelectMany(x => x.Runtime),
                .. packages.PipPackages.Concat(tests?.Packages ?? []).Select(x => Requirement.TryParse(x, out _))
                    .OfType<Requirement>(),
            ],
            [.. all.SelectMany(x => x.Build)])
        {
            Constraints =
            [
                .. pins.Select(x => new Requirement(x.Name, [],
                    [new VersionSpecifier(x.Operator, x.Version)], x.Marker)),
            ],
            BuildConstraints = File.Exists(build) ? BuildConstraints.Read(build, build.Name).Requirements : [],
            Own = libraries.Append(workspace).Select(x => PythonName.Of(SealedOf(x).Source.Distribution)).ToHashSet(),
            FromSource = x => FromSource.Contains(x.Value) || FromSource.Contains(OpenStack.Wheels.FromSource.All),
        };
    }
}
