using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Changes;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sources;
using OpenStack.Updates;
using OpenStack.Workflows;
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
            var images = await Task.WhenAll(WithoutEnded(ServicesInScope).Select(x => ExpectedAsync(x, resolver)));
            var report = await new StaleCheck(client, FindAsync).RunAsync(
                PublishedAs(BaseImages.PythonBase) with { Tag = ImageTags.Newest },
                RepositoryName.Of(RepositoryName.Namespace(Registry), BaseImages.PythonBase), images);
            report.Write(ArtifactsDirectory);
            PlanJobs(report.Stale.Where(IsMendedByABuild).Select(x => (x.Service, x.Release)));
            Results.Table("Stale", report.Table);
            Log.Information("{Summary}; the images to build again are in {File}", report.Summary(),
                "artifacts/stale.json");
            ReportSummary(x => x.AddPair("Published", report.Summary()));
            ProblemException.ThrowIfAny(report.Violations(FailWhen));
        });

    /// <summary>What goes on; that the others do not is said, in a line for each release.</summary>
    IReadOnlyList<Workspace> WithoutEnded(IReadOnlyList<Workspace> services)
    {
        var ended = ReleaseTable.Ended(TellReleases(services), Release, Today);
        foreach (var line in ended.Values) Results.Line(line);
        return [.. services.Where(x => !ended.ContainsKey(x.Release.Name))];
    }

    /// <summary>
    /// What is locked comes out the same until its lock moves, which Update proposes; what is not there is built.
    /// </summary>
    bool IsMendedByABuild(AffectedImage image)
    {
        if (image.Because.Any(x => x.StartsWith(StaleCheck.NotPublished, StringComparison.Ordinal))) return true;
        var isLocked = BuildPlatforms.Read(RootDirectory).All(x =>
            IsLocked(null, x.Platform) && IsLocked((image.Service, image.Release), x.Platform));
        if (isLocked)
            Log.Warning("{Service} {Release} is stale and locked: it stays until its lock is refreshed", image.Service,
                image.Release);
        return !isLocked;
    }

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
