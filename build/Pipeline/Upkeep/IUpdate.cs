using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Indexes;
using OpenStack.Locks;
using OpenStack.Network;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Updates;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>What is behind upstream → a branch and a pull request for each release × component, for the upper
/// constraints of each release and for each of its overrides.</summary>
interface IUpdate : IHazUpstream, IHazRecords, IHazDryRun, IHazGitHub
{
    [Parameter("Days that a version must have been out before Update takes it - Default is 0")]
    int MinimumAge => TryGetValue<int?>(() => MinimumAge) ?? 0;

    [Parameter("Branch that updates are for - Default is the one that is checked out")]
    string? BaseBranch => TryGetValue(() => BaseBranch);

    [Parameter("Git remote that branches of updates are pushed to - Default is 'origin'")]
    string UpdateRemote => TryGetValue(() => UpdateRemote) ?? "origin";

    Target Update => _ => _
        .Description("Makes a branch for each update, with its patches and constraints checked, and opens or "
            + "refreshes a pull request for it")
        .TryAfter<ILock>(x => x.Lock)
        .Executes(async () =>
        {
            UseGitMirror();
            var branches = new UpdateBranches(RootDirectory / ".git", Publishes ? UpdateRemote : null);
            var head = await branches.HeadAsync();
            var baseBranch = BaseBranch ?? await branches.CurrentBranchAsync()
                ?? throw new ProblemException("no branch is checked out",
                    "Name the branch that updates are for with --base-branch");
            await branches.FetchAsync(head, baseBranch);
            var requests = Publishes ? await PullRequestsAsync(branches, baseBranch) : null;
            if (!Publishes && !DryRun)
                Log.Warning("There is no token for GitHub, so the branches stay here and no pull "
                    + "requests are opened: set GITHUB_TOKEN");
            var survey = new Survey();
            var outcomes = await UpdateAllAsync(survey, branches, requests, head);
            ReportSummary(x => x.AddPair("Updates", outcomes.Summary(survey.Unknown.Count)));
            ProblemException.ThrowIfAny(survey.Problems);
        });

    bool Publishes => GitHubToken is not null && !DryRun;

    /// <summary>One group after the other; one that fails does not keep the others from it.</summary>
    async Task<UpdateOutcomes> UpdateAllAsync(Survey survey, UpdateBranches branches, PullRequests? requests,
        string head)
    {
        var resolver = new RefResolver(MirrorsDirectory);
        var outcomes = new UpdateOutcomes();
        var ripe = new RipeUpdates(MinimumAge, DateTimeOffset.UtcNow, outcomes, x => Log.Information("{Why}", x));
        await foreach (var draft in DraftsAsync(ripe, resolver, survey))
        {
            try
            {
                using var tree = await UpdateTree.OfAsync(
                    RootDirectory / ".git", head, TemporaryDirectory / "update" / $"{Guid.NewGuid():N}");
                if (await draft(new Drafting(tree)) is { } update)
                    outcomes.Add(await PublishAsync(update, tree, branches, requests, head));
            }
            catch (ProblemException e)
            {
                outcomes.Fail();
                survey.Add([], e.Problems);
            }
        }

        foreach (var finding in survey.Unknown)
            Log.Warning("Whether {Name} {Current} of {Release} is behind is not known: {Detail}", finding.Name,
                finding.Current, finding.Release, finding.Detail);
        return outcomes;
    }

    /// <summary>What there is to draft: refs, then the constraints and the pins of each release.</summary>
    async IAsyncEnumerable<Func<Drafting, Task<UpdateDraft?>>> DraftsAsync(
        RipeUpdates ripe, RefResolver resolver, Survey survey)
    {
        var data = await ReadReleaseDataAsync(resolver, survey);
        foreach (var finding in (await FindRefsAsync(resolver, data, survey))
            .Where(x => x.State == FindingState.Outdated))
        {
            var request = RequestOf(Scope.Single(x => x.Component == finding.Name
                && x.Release.Name == finding.Release));
            yield return x =>
                ripe.OfRefAsync(x, finding, request, MirrorOf(request.Component, request.Remote), resolver);
        }

        foreach (var draft in LocksDrafts) yield return draft;
        // What is asked for a service alone is not about all of them.
        if (Service.Length > 0) yield break;
        using var client = new HttpClient(TlsTrust.NewHandler()) { Timeout = TimeSpan.FromSeconds(30) };
        var indexes = OpenIndexes(client);
        var requirements = MirrorOf(ConstraintsCheck.Repository, RemoteOf(ConstraintsCheck.Repository));
        foreach (var release in Scope.Select(x => x.Release).DistinctBy(x => x.Name))
        {
            var series = data?.Series.GetValueOrDefault(release.Name);
            if (series is not null) yield return async x => x.LifeCycle(series, data!.Commit,
                await data.SeriesDateAsync(MirrorOf(ReleaseData.Repository, RemoteOf(ReleaseData.Repository))));
            yield return async x => await ripe.OfConstraintsAsync(x, release.Name, requirements,
                await ReadUpstreamConstraintsAsync(resolver, release.Name, series, ripe.Before));
            foreach (var pins in await FindOutdatedPinsAsync(release, indexes, survey))
                yield return x => ripe.OfPinsAsync(x, release.Name, pins, indexes);
        }
    }

    /// <summary>
    /// Locks that <c>Lock</c>, which takes a build, has written and nobody has committed. Without any there is nothing
    /// to be said of them: not that they are up to date.
    /// </summary>
    IReadOnlyList<Func<Drafting, Task<UpdateDraft?>>> LocksDrafts
    {
        get
        {
            var place = ShownAs(RefLocks);
            if (place.StartsWith("..", StringComparison.Ordinal)
                || LockSubject.FilesBelow(RefLocks).Count == 0) return [];
            Log.Information("Locks are taken as they are in {Directory}; Lock Update makes them anew", place);
            return [.. Scope.Select(x => x.Release.Name).Distinct().Prepend(null)
                .Select(x => (Func<Drafting, Task<UpdateDraft?>>)(y => Task.FromResult(y.Locks(x, RefLocks, place))))];
        }
    }

    /// <summary>
    /// The overrides that are behind the index, by distribution. One that cannot be looked up is not known, and is
    /// said; the index is somebody else's than the repositories, and its failure is nothing that the updates of those
    /// wait for.
    /// </summary>
    async Task<IReadOnlyList<IReadOnlyList<Finding>>> FindOutdatedPinsAsync(
        Release release, IndexList indexes, Survey survey)
    {
        try
        {
            var upper = UpperConstraints.Read(release.UpperConstraintsFile, ShownAs(release.UpperConstraintsFile));
            var (findings, _) = await FindPinsAsync(release, upper, indexes, ofBuilds: false);
            survey.Add(findings, []);
            return [.. findings.Where(x => x.State == FindingState.Outdated && x.Newer.Count > 0)
                .GroupBy(x => PythonName.Of(x.Name)).Select(x => x.ToList())];
        }
        catch (ProblemException e)
        {
            survey.Add([], e.Problems);
            return [];
        }
    }

    /// <returns>What was done, in a word.</returns>
    async Task<string> PublishAsync(UpdateDraft update, UpdateTree tree, UpdateBranches branches,
        PullRequests? requests, string head)
    {
        var body = PullRequestText.Of(update);
        Log.Information("{Title}: {Commits} commits, {Patches}{Broken}", update.Title,
            update.Changes?.Commits.Count ?? 0,
            update.Patches is null ? $"{update.Pins.Count} pins" : new PatchReport([update.Patches]).Summary(),
            update.IsBroken ? "; it needs work" : "");
        if (DryRun)
        {
            Console.WriteLine(PullRequestText.Shown(update, body));
            return "shown";
        }

        var (outcome, commit) = await branches.MoveAsync(update, head,
            await tree.CommitAsync(update.Files.Keys, update.Message, update.Date));
        Log.Information("  {Branch} {Outcome}, {Commit}", update.Branch,
            outcome.ToString().ToLowerInvariant(), commit[..10]);
        if (outcome == BranchOutcome.Taken)
        {
            Log.Warning("  Somebody works on {Branch}: it is left alone", update.Branch);
            return "taken";
        }

        if (requests is null) return outcome.ToString().ToLowerInvariant();
        var (what, url) = await requests.EnsureAsync(update, body);
        Log.Information("  Pull request {What}: {Url}", what.ToString().ToLowerInvariant(), url);
        return what.ToString().ToLowerInvariant();
    }

    async Task<PullRequests> PullRequestsAsync(UpdateBranches branches, string baseBranch)
    {
        var named = Environment.GetEnvironmentVariable("GITHUB_REPOSITORY")
            ?? await branches.UrlOfAsync(UpdateRemote)
            ?? "";
        var repository = GitHubRepository.TryParse(named)
            ?? throw new ProblemException($"'{RemoteUrl.WithoutCredentials(named)}' is no repository at GitHub",
                "Set GITHUB_REPOSITORY to owner/name");
        return new PullRequests(OpenGitHub(GitHubToken!), repository.Owner, repository.Name,
            baseBranch, new GitHubRetry());
    }
}
