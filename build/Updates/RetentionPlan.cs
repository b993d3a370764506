using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Updates;

/// <summary>A manifest that nothing keeps.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="What">What it is, for a person: the tags that it had, or what it belonged to.</param>
/// <param name="LeadsTo">
/// Digests of what would be useless without it, or it without them: its platforms, and what refers to it.
/// </param>
public sealed record Expendable(string Digest, string What, IReadOnlyList<string> LeadsTo);

/// <summary>
/// What of a repository may be removed. A manifest is a matter of everything that leads to it, not of one tag: whatever
/// a kept tag reaches stays, the platforms of an index, what refers to any of them, and the index of those under its
/// fallback tag.
/// </summary>
/// <param name="Repository">The repository.</param>
/// <param name="Tags">All its tags, with their digests; fallback tags are among them.</param>
/// <param name="Kept">Digests that stay.</param>
/// <param name="Expendable">What may go: what refers to something before it, an index before its platforms.</param>
public sealed record RetentionPlan(string Repository, IReadOnlyDictionary<string, string> Tags,
    IReadOnlySet<string> Kept, IReadOnlyList<Expendable> Expendable)
{
    /// <summary>How many manifests are looked at side by side.</summary>
    const int Parallel = 16;

    /// <summary>How many manifests there are.</summary>
    public int Count => Expendable.Count + Kept.Count;

    /// <summary>What may go, for people.</summary>
    public TextTable Table =>
        new(["manifest", "tags"], [.. Expendable.Select(x => (string[])[x.Digest[..19], x.What])]);

    /// <summary><c>c5c3/keystone: 3 of 40 manifests</c>.</summary>
    public override string ToString() => $"{Repository}: {Expendable.Count} of {Count} manifests";

    /// <summary>Digests of the images that a repository's kept images are built on, by their label.</summary>
    public required IReadOnlySet<string> Bases { get; init; }

    /// <param name="client">The registry.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="rule">Which builds are kept.</param>
    /// <param name="needed">Digests that something outside of the repository needs.</param>
    /// <exception cref="ProblemException">
    /// Something cannot be read: then nothing is known, and nothing may go.
    /// </exception>
    public static async Task<RetentionPlan> OfAsync(RegistryClient client, string repository, RetentionRule rule,
        IReadOnlySet<string> needed, CancellationToken cancellation = default)
    {
        var names = await client.TagsAsync(repository, cancellation);
        var tags = await ReadAsync(names,
            async x => (await client.HeadManifestAsync(repository, x, cancellation: cancellation))?.Digest,
            cancellation);
        var images = tags.Where(x => SubjectOf(x.Key) is null).ToDictionary(x => x.Key, x => x.Value);
        var expired = rule.Expired(images.Keys).ToHashSet();
        var graph = new RepositoryGraph(client, repository,
            tags.Where(x => SubjectOf(x.Key) is not null).ToLookup(x => SubjectOf(x.Key)!, x => x.Value));

        var kept = await graph.ReachableAsync(
            [.. images.Where(x => !expired.Contains(x.Key)).Select(x => x.Value), .. needed], cancellation);
        var roots = images.Where(x => expired.Contains(x.Key) && !kept.Contains(x.Value))
            .ToLookup(x => x.Value, x => x.Key);
        var gone = await graph.ReachableAsync([.. roots.Select(x => x.Key)], cancellation);
        // What refers to an image that is not there any more keeps nothing, and nobody finds it.
        var known = images.Values.ToHashSet();
        var orphans = tags.Where(x => SubjectOf(x.Key) is { } subject
            && !kept.Contains(subject)
            && !gone.Contains(subject)
            && !known.Contains(subject)).ToList();
        var missing = await ReadAsync(orphans.Select(x => SubjectOf(x.Key)!).Distinct(),
            async x => await client.HeadManifestAsync(repository, x, cancellation: cancellation) is null ? x : null,
            cancellation);
        var orphaned = await graph.ReachableAsync(
            [.. orphans.Where(x => missing.ContainsKey(SubjectOf(x.Key)!)).Select(x => x.Value)], cancellation);
        return new RetentionPlan(repository, tags, kept,
        [
            .. graph.InOrderOfRemoval(gone.Except(kept))
                .Select(x => new Expendable(x, roots[x].Any()
                    ? string.Join(", ", roots[x].Order(StringComparer.Ordinal))
                    : "part of one, or refers to it", graph.ChildrenOf(x))),
            .. graph.InOrderOfRemoval(orphaned.Except(kept).Except(gone))
                .Select(x => new Expendable(x, "refers to an image that is gone", graph.ChildrenOf(x))),
        ])
        {
            Bases = await graph.BasesAsync(kept, cancellation),
        };
    }

    /// <summary>
    /// Removes what may go. A tag that was written since the plan keeps its manifest, and a manifest that cannot be
    /// removed keeps what it leads to.
    /// </summary>
    /// <param name="client">The registry.</param>
    /// <param name="removal">How manifests are removed there.</param>
    /// <param name="report">Is told of each manifest.</param>
    /// <exception cref="ProblemException">Nothing more can be removed.</exception>
    public async Task ApplyAsync(RegistryClient client, IManifestRemoval removal, RemovalReport report,
        CancellationToken cancellation = default)
    {
        var now = await client.TagsAsync(Repository, cancellation);
        var added = await ReadAsync(now.Except(Tags.Keys),
            async x => (await client.HeadManifestAsync(Repository, x, cancellation: cancellation))?.Digest,
            cancellation);
        var moved = await ReadAsync(Tags.Keys.Where(x => BuildTag.Parse(x) is null),
            async x => (await client.HeadManifestAsync(Repository, x, cancellation: cancellation))?.Digest,
            cancellation);
        var written = added.Values.Concat(moved.Where(x => Tags[x.Key] != x.Value).Select(x => x.Value)).ToHashSet();
        if (written.Count > 0 && Expendable.Any(x => written.Contains(x.Digest)))
            throw new ProblemException(
                $"{client.Registry}/{Repository}: something that was to be removed has been published again meanwhile",
                "Run the same command again");
        var spared = new HashSet<string>();
        foreach (var manifest in Expendable)
        {
            var isSpared = spared.Contains(manifest.Digest);
            var problem = isSpared ? null : await removal.RemoveAsync(Repository, manifest.Digest, cancellation);
            if (isSpared || problem is not null) spared.UnionWith(manifest.LeadsTo);
            if (isSpared) report.Spare();
            else report.Add(manifest.Digest, problem);
        }
    }

    /// <summary>
    /// The digest that a fallback tag (<c>sha256-…</c>) is about, or one of cosign's (<c>sha256-….sig</c>); null for
    /// any other.
    /// </summary>
    internal static string? SubjectOf(string tag)
    {
        var name = tag.EndsWith(".sig", StringComparison.Ordinal) || tag.EndsWith(".att", StringComparison.Ordinal)
            ? tag[..^4] : tag.EndsWith(".sbom", StringComparison.Ordinal) ? tag[..^5] : tag;
        return name.StartsWith("sha256-", StringComparison.Ordinal) && OciDigest.Is($"sha256:{name[7..]}")
            ? $"sha256:{name[7..]}"
            : null;
    }

    static async Task<IReadOnlyDictionary<string, string>> ReadAsync(IEnumerable<string> items,
        Func<string, Task<string?>> read, CancellationToken cancellation)
    {
        var results = new Dictionary<string, string>(StringComparer.Ordinal);
        await System.Threading.Tasks.Parallel.ForEachAsync(items,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (item, _) =>
            {
                if (await read(item) is not { } result) return;
                lock (results) results.Add(item, result);
            });
        return results;
    }
}
