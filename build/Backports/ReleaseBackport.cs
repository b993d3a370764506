using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>Takes a series into one release: picks it, and writes and checks the patches.</summary>
/// <param name="mirror">Of the component, as the release has it.</param>
/// <param name="source">The ref of the release.</param>
/// <param name="series">The patches of the release.</param>
sealed class ReleaseBackport(Mirror mirror, ResolvedRef source, PatchSeries series)
{
    const int LastNumber = 9999;

    /// <summary>How conflicts of an earlier run were resolved, and where.</summary>
    public PendingBackport? Earlier { get; init; }

    /// <summary>Where a work tree is left for a conflict; null where none is to be.</summary>
    public PendingBackports? Pending { get; init; }

    /// <exception cref="ProblemException">The mirror, or files of it, cannot be had.</exception>
    public async Task<ReleaseOutcome> RunAsync(ChangeSeries changes, string from,
        CancellationToken cancellation = default)
    {
        _ = await mirror.EnsureAsync(source.Commit, source.Change, cancellation);
        using var repository = PickRepository.Of(mirror, [.. Lenders(changes)]);
        var pick = new SeriesPick(repository, mirror, source, series, Earlier?.Resolutions ?? []);
        var outcomes = await pick.RunAsync(changes, cancellation);
        var taken = outcomes.Where(x => x.IsTaken).ToList();
        var result = new ReleaseOutcome(series.Component, series.Release, outcomes);
        var isStopped = outcomes[^1].State == PickState.Conflict;
        if (taken.Count == 0 && !isStopped) return result;
        var commits = repository.Commit(pick.Start,
            taken.Select(x => (x.Tree!, x.Change.Author, MessageOf(x.Change))));
        if (isStopped)
        {
            var left = Pending is null ? null : await Pending.LeaveAsync(new Stop(mirror, source, series, repository,
                changes, from, pick.Tree, commits, Earlier), outcomes.Count - 1, cancellation);
            return result with { Problems = [Describe(outcomes[^1], left)] };
        }

        result = result with { Outcomes = await CompareAsync(repository, outcomes, commits, cancellation) };
        return await FormatAsync(repository, result, commits, cancellation);
    }

    Problem Describe(PickOutcome conflict, PendingBackport? left)
    {
        var what = left is null ? "Without --dry-run, a work tree with the conflict is left"
            : $"Resolve it in {left.Tree}, and run ./build.sh Backport --continue; --abort removes it";
        return new Problem(series.Says($"{conflict.Change} conflicts with the release: "
            + PatchWords.Joined(conflict.Conflicts.Select(x => $"{x}"))),
            Remedy: conflict.Hint is { } hint ? $"{hint}. {what}" : what);
    }

    IEnumerable<AbsolutePath> Lenders(ChangeSeries changes)
    {
        if (changes.Mirror is { } other) yield return other.Directory;
        if (Earlier is not null) yield return Earlier.Repository;
    }

    static string MessageOf(UpstreamChange change) =>
        change.Commit is null ? change.Message : CherryPickTrailer.Add(change.Message, change.Commit);

    /// <summary>Which changes are not as upstream has them.</summary>
    static async Task<IReadOnlyList<PickOutcome>> CompareAsync(PickRepository repository,
        IReadOnlyList<PickOutcome> outcomes, IReadOnlyList<string> commits, CancellationToken cancellation)
    {
        var texts = await CommitReader.DiffsAsync(repository.Git, [.. commits.Skip(1)], cancellation);
        var next = 1;
        return [.. outcomes.Select(x =>
        {
            if (!x.IsTaken) return x;
            var hunks = MovedHunks.Of(x.Change.Text, texts[commits[next++]]);
            return x with
            {
                Hunks = hunks,
                State = x.State == PickState.Picked && !hunks.IsNone ? PickState.Merged : x.State,
            };
        })];
    }

    async Task<ReleaseOutcome> FormatAsync(PickRepository repository, ReleaseOutcome result,
        IReadOnlyList<string> commits, CancellationToken cancellation)
    {
        var first = FirstNumber(commits.Count - 1);
        var files = await repository.FormatAsync(commits[0], commits[^1], first, cancellation);
        var check = await new PatchCheck(mirror, source, series with { Files = [.. series.Files, .. files] })
            .RunAsync(cancellation);
        var names = files.Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        var problems = check.Patches.Where(x => names.Contains(x.Name) && x.IsLeftOut).Select(x => new Problem(
            series.Says($"the patch would be none that applies: {PatchWords.Detail(x)}"), check.LabelOf(x))).ToList();
        var next = 0;
        return result with
        {
            Outcomes = [.. result.Outcomes.Select(x => x.IsTaken ? x with { Patch = files[next++].Name } : x)],
            Problems = problems,
            Patches = problems.Count > 0 ? [] : [.. files.Select(x => (x.Name, File.ReadAllBytes(x)))],
        };
    }

    /// <summary>The number after those that there are.</summary>
    /// <exception cref="ProblemException">Names with it would not come after the others.</exception>
    int FirstNumber(int count)
    {
        var names = series.Files.Select(x => x.Name).ToList();
        var first = names.Select(x => string.Concat(x.TakeWhile(char.IsAsciiDigit)))
            .Select(x => int.TryParse(x, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .DefaultIfEmpty().Max() + 1;
        var last = names.Max(StringComparer.Ordinal);
        var next = string.Create(CultureInfo.InvariantCulture, $"{first:d4}-");
        if (first + count - 1 <= LastNumber && (last is null || string.CompareOrdinal(next, last) > 0)) return first;
        throw new ProblemException(new Problem(series.Says("a patch with a number would be applied before "
            + "this one, and is to come after it"), series.Label(last!),
            Expected: "a name that begins with a number, such as 0001-", Remedy: "Rename it"));
    }
}
