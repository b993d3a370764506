using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using Serilog;

namespace OpenStack.Pipeline.Sources;

/// <summary>Patches → what becomes of each, before anything is built.</summary>
interface ICheckPatches : IResolveRefs, IHazScope
{
    [Parameter("What CheckPatches fails on: 'conflict', 'upstream', 'offset' or 'none' - Default is 'conflict'")]
    PatchPolicy[] FailOn => TryGetValue(() => FailOn) ?? [PatchPolicy.Conflict];

    Target CheckPatches => _ => _
        .Description("Tells which patches apply, are upstream already or conflict; all of them, unless services "
            + "or releases are selected")
        .Executes(async () =>
        {
            PatchPolicies.Check(FailOn);
            UseGitMirror();
            var (report, problems) = await CheckAllAsync();
            report.Write(ArtifactsDirectory);
            Console.WriteLine(report.ToText());
            Results.Page(report.ToMarkdown);
            Log.Information("The same is in {Json} and {Markdown}", "artifacts/patches.json", "artifacts/patches.md");
            ReportSummary(x => x.AddPair("Patches", report.Summary()));
            ProblemException.ThrowIfAny([.. problems, .. PatchPolicies.Violations(report, FailOn)]);
        });

    /// <summary>A component that cannot be judged is a problem, and does not keep the others from it.</summary>
    async Task<(PatchReport Report, IReadOnlyList<Problem> Problems)> CheckAllAsync()
    {
        var resolver = new RefResolver(MirrorsDirectory);
        var locks = Scope.Select(x => x.Release.Name).Distinct().ToDictionary(x => x, ReadLock);
        var work = Scope.Where(x => Catalog.Patches.Of(x.Component, x.Release.Name).Count > 0).ToList();
        // A repository without patches has none to judge; whoever names a service means some.
        if (work.Count == 0 && Service.Length > 0 && !Service.Contains("all"))
            throw new ProblemException($"there is no patch to judge: none of {string.Join(", ", Scope)} has one in "
                + "patches/", "Leave out --service or --release to judge all that there are");
        var verdicts = new SeriesVerdict?[work.Count];
        var problems = new List<Problem>[work.Count];
        await Parallel.ForAsync(0, work.Count, async (i, cancellation) =>
        {
            problems[i] = [];
            var request = WithRecorded(RequestOf(work[i]), locks[work[i].Release.Name]);
            try
            {
                verdicts[i] = await CheckAsync(work[i], request, resolver, cancellation);
            }
            catch (ProblemException e)
            {
                problems[i].AddRange(e.Problems.Select(request.Place));
            }
        });
        return (new PatchReport([.. verdicts.OfType<SeriesVerdict>()]), [.. problems.SelectMany(x => x)]);
    }

    async Task<SeriesVerdict> CheckAsync(Workspace workspace, RefRequest request, RefResolver resolver,
        CancellationToken cancellation)
    {
        if (request.LocalTree is not null)
            throw new ProblemException($"{workspace}: patches are not judged on a local tree",
                $"Run the target {nameof(IPatch.Patch)}, or leave it out");
        var resolution = await resolver.ResolveAsync([request], cancellation);
        foreach (var note in resolution.Notes) Log.Warning("{Note}", note);
        var series = new PatchSeries(workspace.Component, workspace.Release.Name,
            Catalog.Patches.Of(workspace.Component, workspace.Release.Name));
        return await new PatchCheck(MirrorOf(workspace.Component, request.Remote), resolution.Refs[0], series)
            .RunAsync(cancellation);
    }
}
