namespace OpenStack.Sources;

/// <summary>Verdicts on patches in words.</summary>
static class PatchWords
{
    public static string Of(PatchState state) => state switch
    {
        PatchState.Applies => "applies",
        PatchState.Offset => "applies with offset",
        PatchState.Upstream => "already upstream",
        PatchState.PartlyUpstream => "partly upstream",
        PatchState.Conflict => "conflicts",
        _ => "invalid",
    };

    /// <summary>Why a patch is in its state, in one line; empty where there is nothing to say.</summary>
    public static string Detail(PatchVerdict patch) => patch.State switch
    {
        PatchState.Applies => "",
        PatchState.Offset => Joined(patch.Offsets.Select(Of)),
        PatchState.Upstream => patch.Upstream is { } commit
            ? $"{commit} ({Of(commit.FoundBy)})"
            : "the commit was not found",
        PatchState.PartlyUpstream => string.Join("; ", [Parts(patch), .. Why(patch)]),
        PatchState.Conflict => string.Join("; ", Why(patch)),
        _ => string.Join("; ", patch.Reasons),
    };

    /// <summary>Which parts of a patch are upstream.</summary>
    public static string Parts(PatchVerdict patch) => $"the source has {Joined(patch.There)} already";

    /// <summary>What to do about a patch that is not applied.</summary>
    public static string Remedy(SeriesVerdict series, PatchVerdict patch) => patch switch
    {
        { State: PatchState.Upstream, Mail: { } mail } => $"Take mail {mail} out of the file",
        { State: PatchState.Upstream } => "Delete the patch",
        { State: PatchState.Offset } => $"Write the patch anew from the {series.Release} source of {series.Component}",
        { Upstream: { } commit } =>
            $"Upstream has another version of the change, {commit}: delete the patch, or keep of it what that lacks",
        { AfterFailed: [.., var last] } => $"Mend {last} first: it changes the same files",
        { State: PatchState.PartlyUpstream } => "Keep of the patch what the source lacks",
        _ => $"Rebase the patch onto the {series.Release} source of {series.Component}",
    };

    /// <summary>
    /// For each hunk that conflicts, the lines that the patch expects (<c>-</c>) and those that the source has
    /// (<c>+</c>).
    /// </summary>
    public static IEnumerable<string> Differences(PatchVerdict patch) =>
        patch.Conflicts.Where(x => x.Expected.Count > 0).SelectMany(x => new[]
        {
            $"@@ hunk {x.Hunk} of {x.File}, line {x.SourceLine} @@",
        }.Concat(x.Expected.Select(line => $"-{line}")).Concat(x.Found.Select(line => $"+{line}")));

    static IEnumerable<string> Why(PatchVerdict patch)
    {
        if (patch.Conflicts.Count > 0)
            yield return $"{patch.Conflicts[0]}"
                + $"{(patch.Conflicts.Count > 1 ? $" (and {patch.Conflicts.Count - 1} more)" : "")}";
        if (patch.Upstream is { } commit) yield return $"upstream has another version, {commit}";
        if (patch.AfterFailed.Count > 0) yield return $"perhaps because {Joined(patch.AfterFailed)} is not applied";
    }

    public static string Of(HunkOffset x) => $"hunk {x.Hunk} of {x.File} {Math.Abs(x.Lines)} "
        + $"{(Math.Abs(x.Lines) == 1 ? "line" : "lines")} {(x.Lines > 0 ? "down" : "up")}";

    public static string Of(UpstreamEvidence evidence) => evidence switch
    {
        UpstreamEvidence.PatchId => "the same change",
        UpstreamEvidence.ChangeId => "the same Change-Id",
        _ => "the same subject",
    };

    /// <summary>The first three, and how many more there are.</summary>
    public static string Joined(IEnumerable<string> parts)
    {
        var all = parts.ToList();
        return string.Join(", ", all.Take(3)) + (all.Count > 3 ? $" and {all.Count - 3} more" : "");
    }
}
