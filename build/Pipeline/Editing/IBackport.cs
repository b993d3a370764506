using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Backports;
using OpenStack.Catalog;
using OpenStack.Changes;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Editing;

/// <summary>A change upstream → patches of every release that needs it.</summary>
interface IBackport : IEditCatalog, IResolveRefs, IHazImages, IHazFrom, IHazDryRun
{
    /// <summary>How many releases are worked on at once: most of it is waiting for git.</summary>
    const int ReleasesAtOnce = 4;

    [Parameter("Removes the work trees that Backport has left with conflicts; nothing of their series is taken")]
    bool Abort => TryGetValue<bool?>(() => Abort) ?? false;

    [Parameter("Backport: commits what it writes, and nothing else that is changed, so that images which are built "
        + "and published by the same run are of a commit and get the tags of their release")]
    bool CommitPatches => TryGetValue<bool?>(() => CommitPatches) ?? false;

    Target Backport => _ => _
        .Description("Makes patches of the change that --from names (commit, Change-Id, range, change under review, "
            + "pull request, file of mails) for the service or library of --service, in all releases or those of "
            + "--release; --continue goes on after a conflict, --abort removes its work tree")
        .Before<IResolveRefs>(x => x.ResolveRefs)
        .Executes(async () =>
        {
            UseGitMirror();
            if (CommitPatches) await OwnRepository.HeadAsync("--commit-patches commits in it");
            using var turn = await TakeTurnAsync();
            if (Abort) AbortPending();
            else await FinishAsync(Continue ? await ContinueAsync() : await BeginAsync());
        });

    OwnRepository OwnRepository => new(RootDirectory / ".git");

    PendingBackports Pending => new(TemporaryDirectory / "backport");

    /// <summary>Two runs would give two patches one number.</summary>
    async Task<FileLock> TakeTurnAsync()
    {
        if (Abort && (Continue || From is not null))
            throw new ProblemException("--abort is given with --continue or --from", "Give one of them");
        if (Continue && From is not null)
            throw new ProblemException("--from is given with --continue, which goes on with what was begun",
                "Give one of them");
        var waited = false;
        var turn = await FileLock.AcquireAsync(TemporaryDirectory / "backport.lock", () =>
        {
            waited = true;
            return TellWaitingFor("makes patches");
        });
        if (waited) Run.ForgetCatalog();
        return turn;
    }

    void AbortPending()
    {
        foreach (var pending in PendingInScope())
        {
            if (!DryRun) PendingBackports.Remove(pending);
            Log.Information("{Place}, {From} for {Release}, {Is}", ShownAs(pending.Place), pending.From,
                pending.Release, DryRun ? "would be removed" : "is removed");
        }
    }

    /// <summary>What waits for somebody: all of it, or that of the services and releases selected.</summary>
    /// <exception cref="ProblemException">Nothing does.</exception>
    IReadOnlyList<PendingBackport> PendingInScope()
    {
        bool Is(string[] selected, string name) =>
            selected.Length == 0 || selected.Contains("all") || selected.Contains(name);
        var pending = Pending.All.Where(x => Is(Service, x.Component) && Is(Release, x.Release)).ToList();
        return pending.Count > 0 ? pending : throw new ProblemException(
            $"no change waits for its conflict to be resolved{(Service.Length + Release.Length > 0 ? " there" : "")}",
            "Begin with --from");
    }

    /// <summary>The releases, each with what it is made from.</summary>
    async Task<IReadOnlyList<ReleaseOutcome>> BeginAsync()
    {
        if (From is not { Length: > 0 } from)
            throw new ProblemException("no change is given", "Name it with --from: a commit, a Change-Id, a range "
                + "a..b, the address of a change, or a file of mails");
        if (Service is not [var component] || component == "all")
            throw new ProblemException("--service does not name one service or library", "Give the one that the change "
                + "is of");
        var address = ChangeAddress.Parse(from, EnvironmentInfo.WorkingDirectory);
        var resolver = new RefResolver(MirrorsDirectory);
        var targets = await ResolveAsync(resolver, BackportTarget.Select(Catalog, component, Release, RefOf(component),
            ShownAs));
        CheckRefs([.. targets.Where(x => x.Target.IsNew).Select(x => x.Target.Component).Distinct()]);
        using var scratch = new ScratchDirectory(TemporaryDirectory);
        var series = address is Mails mails ? await MailReader.ReadAsync(mails.File, from, scratch.Path)
            : await SearchAsync(resolver, address, targets);
        foreach (var note in series.Notes) Log.Warning("{Note}", note);
        return await Problems.CollectAsync(targets, async (x, cancellation) =>
            await TakeAsync(x.Target, x.Source, series, from, null, cancellation), ReleasesAtOnce);
    }

    /// <summary>A component may be at several places; the first that has the change will do.</summary>
    async Task<ChangeSeries> SearchAsync(RefResolver resolver, ChangeAddress address,
        IReadOnlyList<(BackportTarget Target, ResolvedRef Source)> targets)
    {
        var places = targets.Reverse().DistinctBy(x => RequestOf(x.Target).Remote).ToList();
        foreach (var (i, (target, source)) in places.Index())
        {
            var remote = RequestOf(target).Remote;
            var search = new ChangeSearch(resolver, MirrorOf(target.Component, remote), remote, source.Commit);
            try
            {
                return await search.FindAsync(address);
            }
            catch (ProblemException) when (i + 1 < places.Count)
            {
                Log.Information("{Remote} does not have it", RemoteUrl.WithoutCredentials(remote));
            }
        }

        throw new InvalidOperationException("there is no release");
    }

    RefRequest RequestOf(BackportTarget target) =>
        RequestOf(new Workspace(ArtifactsDirectory, target.Component, target.Release));

    async Task<IReadOnlyList<(BackportTarget Target, ResolvedRef Source)>> ResolveAsync(RefResolver resolver,
        IReadOnlyList<BackportTarget> targets)
    {
        var requests = targets.Select(x => WithRecorded(RequestOf(x), ReadLock(x.Release.Name))).ToList();
        var resolution = await resolver.ResolveAsync(requests);
        foreach (var note in resolution.Notes) Log.Warning("{Note}", note);
        return [.. targets.Zip(resolution.Refs)];
    }

    /// <summary>What is wrong with one release does not keep the others from theirs.</summary>
    async Task<ReleaseOutcome> TakeAsync(BackportTarget target, ResolvedRef source, ChangeSeries series, string from,
        PendingBackport? earlier, CancellationToken cancellation)
    {
        var (component, release) = (target.Component, target.Release.Name);
        var mirror = MirrorOf(component, RequestOf(target).Remote);
        try
        {
            if (earlier is null && Pending.Find(component, release) is { } waits)
                throw new ProblemException($"{release} {component}: {waits.From} waits for its conflict to be "
                    + $"resolved in {ShownAs(waits.Tree)}", "Go on with --continue, or take it back with --abort");
            var backport = new ReleaseBackport(mirror, source,
                new PatchSeries(component, release, Catalog.Patches.Of(component, release)))
            { Earlier = earlier, Pending = DryRun ? null : Pending };
            var outcome = await backport.RunAsync(series, from, cancellation);
            return outcome with
            {
                NewRef = target.IsNew ? source.Ref : null,
                Warnings = target.Pin is { } pin && LibraryPin.Warn(source, release, pin, mirror) is { } warning
                    ? [warning] : [],
            };
        }
        catch (ProblemException e)
        {
            return new ReleaseOutcome(component, release, []) { Problems = e.Problems };
        }
    }

    /// <summary>Goes on with what was resolved, each release by itself.</summary>
    async Task<IReadOnlyList<ReleaseOutcome>> ContinueAsync()
    {
        var pending = await Problems.CollectAsync(PendingInScope(), async (x, token) => await x.ResolvedAsync(token));
        var resolver = new RefResolver(MirrorsDirectory);
        using var scratch = new ScratchDirectory(TemporaryDirectory);
        return await Problems.CollectAsync(pending, async (x, token) =>
        {
            var (target, source) = (await ResolveAsync(resolver, BackportTarget.Select(Catalog, x.Component,
                [x.Release], RefOf(x.Component), ShownAs)))[0];
            var series = x.Commits.Count == 0
                ? await MailReader.ReadAsync(x.Mails, x.From, scratch.Path / $"{x.Component}-{x.Release}", token)
                : await ChangeSeries.OfCommitsAsync(await MirrorWithAsync(x), x.Commits, token);
            return await TakeAsync(target, source, series, x.From, x, token);
        }, ReleasesAtOnce);
    }

    /// <summary>The mirror that the commits of a series are in.</summary>
    async Task<Mirror> MirrorWithAsync(PendingBackport pending)
    {
        var targets = BackportTarget.Select(Catalog, pending.Component, [], RefOf(pending.Component), ShownAs);
        foreach (var mirror in targets.Select(x => MirrorOf(x.Component, RequestOf(x).Remote)))
            if (await mirror.HasCommitAsync(pending.Commits[^1])) return mirror;
        throw new ProblemException($"no mirror of {pending.Component} has {pending.Commits[^1]} any more",
            "Begin again: --abort, then --from");
    }

    /// <summary>Writes what was taken, and tells all of it.</summary>
    async Task FinishAsync(IReadOnlyList<ReleaseOutcome> outcomes)
    {
        var report = new BackportReport(outcomes);
        var affected = await WriteAsync(outcomes, report);
        Results.Table("Backport", report.Table, x => x[2] == BackportReport.Of(PickState.Conflict));
        foreach (var line in report.Differences) Console.WriteLine(line);
        foreach (var warning in outcomes.SelectMany(x => x.Warnings)) Log.Warning("{Warning}", warning);
        Results.Table("Affected", new TextTable(["service", "release", "because of"],
            [.. affected.Select(x => (string[])[x.Service, x.Release, string.Join(", ", x.Because)])]));
        foreach (var command in BackportReport.CommandsFor(affected)) Log.Information("Build them: {Command}", command);
        ReportSummary(x => x.AddPair("Backport", report.Summary));
        ProblemException.ThrowIfAny([.. outcomes.SelectMany(x => x.Problems)]);
    }

    /// <returns>The images that the patches concern.</returns>
    async Task<IReadOnlyList<AffectedImage>> WriteAsync(IReadOnlyList<ReleaseOutcome> outcomes, BackportReport report)
    {
        var change = new CatalogChange(RootDirectory, Run.CatalogChangeDirectory);
        var editor = new CatalogEditor(Catalog, change);
        foreach (var outcome in outcomes.Where(x => x.Patches.Count > 0))
        {
            if (outcome.NewRef is { } reference) editor.AddLibrary(outcome.Release, outcome.Component, reference);
            foreach (var (name, contents) in outcome.Patches) change.Write($"{outcome.Directory}/{name}", contents);
        }

        IReadOnlyList<AffectedImage> affected = [];
        if (change.Files.Count > 0)
        {
            using var result = new ScratchDirectory(TemporaryDirectory);
            var after = new RepositoryFootprint(change.LoadResult(result.Path), Distro, RefLocks).ReadAsync();
            var before = new RepositoryFootprint(Catalog, Distro, RefLocks).ReadAsync();
            affected = AffectedImage.Of(await after, await before, code: false);
            if (!DryRun) change.Make();
            Run.ForgetCatalog();
        }

        foreach (var path in change.Files.Keys)
            Log.Information("{What,-11} {Path}", DryRun ? "would write" : "wrote", path);
        if (CommitPatches && !DryRun && change.Files.Count > 0)
            Log.Information("committed   {Commit}",
                await OwnRepository.CommitAsync([.. change.Files.Keys], report.CommitMessage));
        if (Continue && !DryRun)
            foreach (var done in outcomes.Where(x => x.Problems.Count == 0))
                if (Pending.Find(done.Component, done.Release) is { } pending) PendingBackports.Remove(pending);
        return affected;
    }
}
