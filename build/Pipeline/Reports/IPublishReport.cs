using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Report;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Reports;

/// <summary>The report, as a branch that GitHub Pages (or any web server) has.</summary>
interface IPublishReport : IReport
{
    [Parameter("Branch that PublishReport makes of the report - Default is 'gh-pages', which GitHub Pages serves")]
    string ReportBranch => TryGetValue(() => ReportBranch) ?? "gh-pages";

    [Parameter("Git remote that PublishReport pushes to - Default is 'origin'")]
    string ReportRemote => TryGetValue(() => ReportRemote) ?? "origin";

    ReportBranch PublishedReport => new(RootDirectory / ".git", ReportRemote, ReportBranch);

    Target FetchReport => _ => _
        .Description("Takes over what the published report was read from, of images that are not here")
        .Before<IReport>(x => x.Report)
        .Executes(async () =>
        {
            if (await PublishedReport.FetchAsync() is not { } commit)
            {
                Log.Information("'{Remote}' has no branch {Branch} yet", ReportRemote, ReportBranch);
                return;
            }

            using var scratch = new ScratchDirectory(TemporaryDirectory);
            var taken = await PublishedReport.TakeAsync(commit, RootDirectory, ArtifactsDirectory, scratch.Path);
            Log.Information("{Branch} {Commit}: {Count} images that are not here are taken over", ReportBranch,
                commit[..10], taken);
        });

    Target PublishReport => _ => _
        .Description("Publishes the report with what it was read from, together with what was published before")
        .DependsOn<IPublishReport>(x => x.FetchReport)
        .DependsOn<IReport>(x => x.Report)
        .Executes(async () =>
        {
            using var scratch = new ScratchDirectory(TemporaryDirectory);
            var old = await PublishedReport.FetchAsync();
            var made = await PublishedReport.PublishAsync(new ReportDirectory(ArtifactsDirectory), old, scratch.Path,
                DateTimeOffset.UtcNow);
            Log.Information("'{Remote}' has {Branch} at {Commit}", ReportRemote, ReportBranch, made[..10]);
            ReportSummary(x => x.AddPair("Published", ReportBranch));
        });
}
