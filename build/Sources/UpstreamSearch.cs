using System.Globalization;

namespace OpenStack.Sources;

/// <summary>
/// Finds the commit of a ref that a patch is the same change as. Messages are searched first, which takes no contents
/// of files; those, a mirror may have to fetch, so only a few commits are compared by them.
/// </summary>
/// <param name="commit">Commit of the ref; its ancestors are searched.</param>
sealed class UpstreamSearch(Mirror mirror, string commit)
{
    /// <summary>So many of the newest commits that touch the files of a patch are compared by content.</summary>
    const int MostCompared = 20;

    /// <summary>Clocks differ, and a date in a patch may be that of a rebase.</summary>
    static readonly TimeSpan s_slack = TimeSpan.FromDays(7);

    /// <summary>
    /// The commit that makes the change of a patch whose result is in the tree; null when none is found.
    /// </summary>
    public async Task<UpstreamCommit?> FindAsync(PatchText patch, PatchHeader header,
        CancellationToken cancellation = default) =>
        await FindSinceItsDateAsync(patch, header, cancellation)
        // Whoever had the same idea may have had it earlier.
        ?? (header.Date is null ? null : await FindSinceItsDateAsync(patch, header with { Date = null }, cancellation));

    async Task<UpstreamCommit?> FindSinceItsDateAsync(PatchText patch, PatchHeader header,
        CancellationToken cancellation)
    {
        var named = await ByMessageAsync(patch, header, cancellation);
        if (await SameAsync(patch, named, cancellation) is { } same) return same;
        if (named.Count > 0) return named[0];
        var recent = await LogAsync(header, ["-n", $"{MostCompared}"], patch.Names, cancellation);
        return await SameAsync(patch, recent, cancellation);
    }

    /// <summary>
    /// The commit that upstream made of a change, by its Change-Id, or by its subject and files; null when there is
    /// none.
    /// </summary>
    public async Task<UpstreamCommit?> FindOtherVersionAsync(PatchText patch, PatchHeader header,
        CancellationToken cancellation = default) =>
        await ByMessageAsync(patch, header, cancellation) is [var first, ..] ? first : null;

    /// <summary>
    /// Commits of the same Change-Id, and then those of the same subject that touch a file of the patch.
    /// </summary>
    async Task<IReadOnlyList<UpstreamCommit>> ByMessageAsync(PatchText patch, PatchHeader header,
        CancellationToken cancellation)
    {
        var found = new List<UpstreamCommit>();
        if (header.ChangeId is { } id)
            found.AddRange(await GrepAsync(header, $"Change-Id: {id}", [], UpstreamEvidence.ChangeId, cancellation));
        if (found.Count == 0 && header.Subject.Length > 0)
            found.AddRange((await GrepAsync(header, header.Subject, patch.Names, UpstreamEvidence.Subject,
                cancellation)).Where(x => x.Subject == header.Subject));
        return found;
    }

    Task<List<UpstreamCommit>> GrepAsync(PatchHeader header, string text, IReadOnlyList<string> paths,
        UpstreamEvidence evidence, CancellationToken cancellation) =>
        LogAsync(header, ["-n", "5", "--fixed-strings", $"--grep={text}"], paths, cancellation, evidence);

    /// <summary>
    /// Newest first. A commit is not older than what it commits, so the date of the patch bounds the search.
    /// </summary>
    async Task<List<UpstreamCommit>> LogAsync(
        PatchHeader header, string[] options, IReadOnlyList<string> paths, CancellationToken cancellation,
        UpstreamEvidence evidence = UpstreamEvidence.PatchId)
    {
        string[] since = header.Date is { } date && date.UtcDateTime > DateTime.UnixEpoch + s_slack
            ? [$"--since={(date - s_slack).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}"]
            : [];
        var result = await mirror.Offline.Command(
            ["--literal-pathspecs", "log", "--no-merges", "--no-renames", "--format=%H%x09%ct%x09%s", .. since,
                .. options, commit, "--", .. paths]).RunAsync(cancellation);
        return [.. result.Lines.Select(x => x.Split('\t', 3)).Where(x => x.Length == 3).Select(x => new UpstreamCommit(
            x[0], x[2], DateTimeOffset.FromUnixTimeSeconds(long.Parse(x[1], CultureInfo.InvariantCulture)), evidence))];
    }

    /// <summary>The first of some commits that changes the files of the patch as the patch does.</summary>
    async Task<UpstreamCommit?> SameAsync(PatchText patch, IReadOnlyList<UpstreamCommit> candidates,
        CancellationToken cancellation)
    {
        if (candidates.Count == 0) return null;
        var trees = candidates.SelectMany(x => new[] { $"{x.Commit}^{{tree}}", $"{x.Commit}^1^{{tree}}" }).ToList();
        if (!await MirrorContents.EnsureAsync(mirror, trees, patch.Names, cancellation)) return null;
        var wanted = await PatchIds.OfAsync(patch, cancellation);
        using var changes = new MemoryStream();
        var diff = mirror.Offline.Command(["--literal-pathspecs", "diff-tree", "--stdin", "--root", "-p",
            "--no-renames", "--", .. patch.Names]) with
        {
            Input = string.Join('\n', candidates.Select(x => x.Commit)) + "\n",
            OutputReader = (stream, token) => stream.CopyToAsync(changes, token),
        };
        if (wanted is null || !(await diff.RunAsync(cancellation)).Succeeded) return null;
        var same = (await PatchIds.ReadAsync(changes.ToArray(), cancellation))
            .FirstOrDefault(x => x.Id == wanted).Commit;
        return candidates.FirstOrDefault(x => x.Commit == same) is { } found
            ? found with { FoundBy = UpstreamEvidence.PatchId }
            : null;
    }
}
