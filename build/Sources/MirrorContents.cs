namespace OpenStack.Sources;

/// <summary>File contents that a mirror left with its remote.</summary>
static class MirrorContents
{
    /// <summary>
    /// Makes the mirror hold some files of some trees. All that are missing come in one request; git itself, asked to
    /// read them, would make one for each.
    /// </summary>
    /// <param name="trees">As git names them, <c>commit^{tree}</c>; one that there is not does not matter.</param>
    /// <param name="paths">Those that a tree does not have do not matter.</param>
    /// <returns>Whether the mirror holds them now.</returns>
    public static async Task<bool> EnsureAsync(
        Mirror mirror, IReadOnlyList<string> trees, IReadOnlyList<string> paths,
        CancellationToken cancellation = default)
    {
        if (trees.Count == 0 || paths.Count == 0) return true;
        return await FetchAsync(mirror, await MissingAsync(mirror, trees, paths, cancellation), cancellation);
    }

    /// <summary>Makes the mirror hold all files of a tree, in one request.</summary>
    /// <returns>Whether the mirror holds them now.</returns>
    public static async Task<bool> EnsureAllAsync(Mirror mirror, string tree, CancellationToken cancellation) =>
        await FetchAsync(mirror, await MissingAsync(mirror, [tree], [], cancellation), cancellation);

    /// <returns>Object ids; null where git cannot say.</returns>
    /// <param name="paths">All files, where there are none.</param>
    internal static async Task<IReadOnlyList<string>?> MissingAsync(Mirror mirror, IReadOnlyList<string> trees,
        IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        // Paths go as they are, and no object is fetched to find out whether it is there.
        var listed = await mirror.Offline.Command(
            ["--literal-pathspecs", "rev-list", "--objects", "--no-object-names", "--missing=print", "--ignore-missing",
                .. trees, "--", .. paths]).RunAsync(cancellation);
        return listed.Succeeded ? [.. listed.Lines.Where(x => x.StartsWith('?')).Select(x => x[1..])] : null;
    }

    static async Task<bool> FetchAsync(Mirror mirror, IReadOnlyList<string>? missing, CancellationToken cancellation)
    {
        if (missing is null || missing.Count == 0) return missing is not null;
        if (mirror.IsOffline) return false;
        var fetch = mirror.Online.Command(
            "-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
            "--filter=blob:none", "--stdin", "origin");
        return (await NetworkRetry.Default.RunAsync(fetch with { Input = string.Join('\n', missing) + "\n" },
            cancellation)).Succeeded;
    }
}
