using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sources;
using OpenStack.Updates;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>Published images → those that would come out otherwise now.</summary>
interface IStale : IHazScope, IHazJobs, IHazRegistry, IResolveRefs, IHazFailWhen
{
    Target Stale => _ => _
        .Description("Lists the published images whose base or ref has moved, or that are missing, and why: all "
            + "services and releases, or those selected")
        .Executes(async () =>
        {
            OutdatedPolicies.Check(FailWhen);
            UseGitMirror();
            using var client = OpenRegistry();
            var resolver = new RefResolver(MirrorsDirectory);
            var images = await Task.WhenAll(ServicesInScope.Select(x => ExpectedAsync(x, resolver)));
            var report = await new StaleCheck(client, IHazRegistry.FindAsync).RunAsync(
                PublishedAs(BaseImages.PythonBase) with { Tag = ImageTags.Newest },
                RepositoryName.Of(RepositoryName.Namespace(Registry), BaseImages.PythonBase), images);
            report.Write(ArtifactsDirectory);
            PlanJobs(report.Stale.Select(x => (x.Service, x.Release)));
            Results.Table("Stale", report.Table);
            Log.Information("{Summary}; the images to build again are in {File}", report.Summary(),
                "artifacts/stale.json");
            ReportSummary(x => x.AddPair("Published", report.Summary()));
            ProblemException.ThrowIfAny(report.Violations(FailWhen));
        });

    /// <summary>A ref that is recorded is where the record says; a branch is where its remote says.</summary>
    async Task<ExpectedImage> ExpectedAsync(Workspace workspace, RefResolver resolver)
    {
        var request = WithRecorded(RequestOf(workspace), ReadLock(workspace.Release.Name));
        var expected = new ExpectedImage(workspace.Component, workspace.Release.Name,
            PublishedAs(workspace.Component) with { Tag = workspace.Release.Name }, request.Ref,
            request.Locked?.Commit);
        if (expected.Commit is not null && request.LocalTree is null) return expected;
        try
        {
            return expected with { Commit = (await resolver.ResolveAsync([request])).Refs[0].Revision };
        }
        catch (ProblemException e)
        {
            return expected with { Unknown = e.Problems[0].Found };
        }
    }
}
