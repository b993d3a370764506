using System.Globalization;
using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>Puts a series on top of one release: on its ref, and on the patches that are there.</summary>
/// <param name="mirror">Holds the release.</param>
/// <param name="source">Its ref.</param>
/// <param name="series">Its patches.</param>
/// <param name="resolutions">How conflicts of an earlier run were resolved.</param>
sealed class SeriesPick(PickRepository repository, Mirror mirror, ResolvedRef source, PatchSeries series,
    IReadOnlyList<ResolvedConflict> resolutions)
{
    readonly UpstreamSearch _upstream = new(mirror, source.Commit);

    /// <summary>The tree that the changes are put on.</summary>
    public string Start { get; private set; } = "";

    /// <summary>The tree so far.</summary>
    public string Tree { get; private set; } = "";

    /// <returns>What becomes of each change, up to the first conflict.</returns>
    /// <exception cref="ProblemException">The patches that are there do not apply, or files cannot be had.</exception>
    public async Task<IReadOnlyList<PickOutcome>> RunAsync(ChangeSeries changes,
        CancellationToken cancellation = default)
    {
        using var mails = PatchMails.Read(series);
        var names = mails.All.Select(x => x.Text).Concat(changes.Changes.Select(x => x.Text)).SelectMany(x => x.Names)
            .Distinct(StringComparer.Ordinal).ToList();
        if (!await MirrorContents.EnsureAsync(mirror, [$"{source.Commit}^{{tree}}"], names, cancellation))
            throw new ProblemException($"{source.Component}: the files of {source.Ref} that the change is about cannot "
                + "be had", "Check the network and run the same command again");
        Start = Tree = await repository.TreeOfAsync(source.Commit, series, mails.All, cancellation);
        var there = await PatchesThereAsync(mails, changes, cancellation);
        var outcomes = new List<PickOutcome>();
        foreach (var (i, change) in changes.Changes.Index())
        {
            var outcome = there[i] is { } patch
                ? new PickOutcome(change, PickState.AmongPatches) { Patch = patch }
                : await PickAsync(i, change, cancellation);
            outcomes.Add(outcome);
            if (outcome.State == PickState.Conflict) break;
            Tree = outcome.Tree ?? Tree;
        }

        return outcomes;
    }

    async Task<PickOutcome> PickAsync(int number, UpstreamChange change, CancellationToken cancellation)
    {
        if (resolutions.FirstOrDefault(x => x.Change == number) is { } resolved)
        {
            if (resolved.Ours != Tree)
                throw new ProblemException(series.Says("the ref or the patches are others than when the conflict was "
                    + "resolved"), "Begin again: --abort, then the same command");
            return resolved.Tree == Tree ? new PickOutcome(change, PickState.LeftOut)
                : new PickOutcome(change, PickState.Resolved) { Tree = resolved.Tree };
        }

        var merged = await repository.PickAsync(change, Tree, cancellation);
        if (merged.Tree is null) return await ConflictAsync(change, merged.Conflicts, cancellation);
        if (merged.Tree != Tree) return new PickOutcome(change, PickState.Picked) { Tree = merged.Tree };
        // Nothing is left to do: by the patches, or by the ref itself.
        var ofRef = (await repository.Git.Command("rev-parse", $"{source.Commit}^{{tree}}")
            .RequireAsync(cancellation)).Text;
        if (Start != ofRef && (await repository.PickAsync(change, ofRef, cancellation)).Tree != ofRef)
            return new PickOutcome(change, PickState.AmongPatches);
        return new PickOutcome(change, PickState.InRef)
        {
            There = await _upstream.FindAsync(change.Text, change.Header, cancellation),
        };
    }

    async Task<PickOutcome> ConflictAsync(UpstreamChange change, IReadOnlyList<PickConflict> conflicts,
        CancellationToken cancellation)
    {
        // The ref may have changed the same lines again since.
        if (change.Commit is { } commit && (await repository.Git.Command("merge-base", "--is-ancestor", commit,
            source.Commit).RunAsync(cancellation)).Succeeded)
            return new PickOutcome(change, PickState.InRef)
            {
                There = new UpstreamCommit(commit, change.Header.Subject, change.Header.Date ?? default,
                    UpstreamEvidence.PatchId),
            };
        var other = await _upstream.FindOtherVersionAsync(change.Text, change.Header, cancellation);
        return new PickOutcome(change, PickState.Conflict)
        {
            Conflicts = conflicts,
            There = other,
            Hint = other is not null ? $"The ref has another version of the change, {other}"
                : await EarlierAsync(change, conflicts, cancellation),
        };
    }

    /// <summary>Commits that upstream made to the same files before the change, and that the release does not
    /// have.</summary>
    async Task<string?> EarlierAsync(UpstreamChange change, IReadOnlyList<PickConflict> conflicts,
        CancellationToken cancellation)
    {
        const int most = 3;
        if (change.Parent is null) return null;
        var log = await repository.Git.Command(["--literal-pathspecs", "log", "--no-merges", "--no-renames",
            "--format=%h '%s'", "-n", $"{most + 1}", change.Parent, $"^{source.Commit}", "--",
            .. conflicts.Select(x => x.File).Distinct()]).RunAsync(cancellation);
        if (!log.Succeeded || log.Lines.Count == 0) return null;
        return "Upstream changed the same files before, in commits that the ref does not have: "
            + string.Join(", ", log.Lines.Take(most)) + (log.Lines.Count > most ? " and more" : "");
    }

    /// <summary>For each change, the name of the patch that it is; null where it is none.</summary>
    static async Task<IReadOnlyList<string?>> PatchesThereAsync(PatchMails mails, ChangeSeries changes,
        CancellationToken cancellation)
    {
        var known = mails.All.Where(x => x.Problems.Count == 0).ToList();
        if (known.Count == 0) return [.. changes.Changes.Select(_ => (string?)null)];
        // A number in place of a commit tells one from another.
        var texts = known.Select((x, i) => $"{i:x40}\n{string.Join('\n', x.Text.Lines.Skip(x.Text.FirstHeader))}\n");
        var ids = (await PatchIds.ReadAsync(Encoding.Latin1.GetBytes(string.Concat(texts)), cancellation))
            .ToLookup(x => x.Id, x => known[int.Parse(x.Commit, NumberStyles.HexNumber, CultureInfo.InvariantCulture)]);
        return [.. changes.Changes.Select(change => known.Where(x => IsSame(change, x.Header))
            .Concat(change.PatchId is { } id ? ids[id] : [])
            .Select(x => AppliedPatch.TitleOf(x.Name, x.Number)).FirstOrDefault())];
    }

    static bool IsSame(UpstreamChange change, PatchHeader patch) =>
        (change.Header.ChangeId is { } id && string.Equals(id, patch.ChangeId, StringComparison.OrdinalIgnoreCase))
        || (change.Commit is { } commit && patch.CherryPickedFrom.Contains(commit));
}
