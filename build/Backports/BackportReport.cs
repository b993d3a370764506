using OpenStack.Changes;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>What becomes of a series in all releases that were asked about.</summary>
sealed record BackportReport(IReadOnlyList<ReleaseOutcome> Releases)
{
    public TextTable Table => new(["release", "change", "becomes", ""],
        [.. Releases.SelectMany(x => x.Outcomes, (release, x) => (string[])
            [release.Release, $"{x.Change}", Of(x.State), Detail(x)])]);

    /// <summary><c>3 releases: 2 with new patches, 1 with a conflict</c>.</summary>
    public string Summary
    {
        get
        {
            var taken = Releases.Count(x => x.Patches.Count > 0);
            var failed = Releases.Count(x => x.Problems.Count > 0);
            return $"{Releases.Count} {(Releases.Count == 1 ? "release" : "releases")}: "
                + $"{taken} with new patches, {Releases.Count - taken - failed} with nothing to do, {failed} failed";
        }
    }

    /// <summary>For each conflict, the lines of the release (<c>-</c>) and those of the change (<c>+</c>).</summary>
    public IEnumerable<string> Differences => from release in Releases
                                              from outcome in release.Outcomes
                                              from x in outcome.Conflicts
                                              where x.Ours.Count + x.Theirs.Count > 0
                                              from line in (IEnumerable<string>)
                                              [
                                                  $"@@ {release.Release}: {x.File}, line {x.Line} @@",
                                                  .. x.Ours.Select(y => $"-{y}"), .. x.Theirs.Select(y => $"+{y}"),
                                              ]
                                              select line;

    /// <summary>The commands that build what the patches concern.</summary>
    public static IEnumerable<string> CommandsFor(IReadOnlyList<AffectedImage> images) => images
        .GroupBy(x => x.Release, x => x.Service)
        .GroupBy(x => string.Join(' ', x), x => x.Key)
        .Select(x => $"./build.sh BuildService --service {x.Key} --release {string.Join(' ', x)}");

    /// <summary>What a commit of the patches says.</summary>
    public string CommitMessage
    {
        get
        {
            var taken = Releases.Where(x => x.Patches.Count > 0).ToList();
            var changes = taken.SelectMany(x => x.Outcomes).Where(x => x.IsTaken).Select(x => x.Change)
                .DistinctBy(x => $"{x}").ToList();
            var subject = changes is [var one] ? one.Header.Subject : $"{changes.Count} changes";
            return $"{taken[0].Component}: {subject}\n\n"
                + $"Backported to {string.Join(", ", taken.Select(x => x.Release))}:\n\n"
                + string.Concat(changes.Select(x => $"- {x}\n"));
        }
    }

    public static string Of(PickState state) => state switch
    {
        PickState.Picked => "picked cleanly",
        PickState.Merged => "merged",
        PickState.Resolved => "resolved by hand",
        PickState.InRef => "in the ref already",
        PickState.AmongPatches => "among the patches already",
        PickState.LeftOut => "left out",
        _ => "conflicts",
    };

    static string Detail(PickOutcome x) => x.State switch
    {
        PickState.InRef => x.There is { } commit ? $"{commit} ({PatchWords.Of(commit.FoundBy)})"
            : "the commit was not found",
        PickState.AmongPatches => x.Patch ?? "which of them, is not known",
        PickState.LeftOut => "nothing was left of it",
        PickState.Conflict => PatchWords.Joined(x.Conflicts.Select(y => $"{y}")),
        _ => x.Hunks is { IsNone: false } hunks ? $"{x.Patch}: {Of(hunks)}" : x.Patch ?? "",
    };

    static string Of(MovedHunks hunks) => PatchWords.Joined(hunks.Moved.Select(PatchWords.Of)
        .Concat(hunks.Others.Select(x => $"{x} is changed in other lines than upstream")));
}
