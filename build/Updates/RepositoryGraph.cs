using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Updates;

/// <summary>Which manifests of a repository lead to which, read as far as somebody asks, each once.</summary>
/// <param name="client">The registry.</param>
/// <param name="repository">The repository.</param>
/// <param name="fallback">
/// What tags say refers to a digest: indexes of referrers, and cosign's older signatures.
/// </param>
sealed class RepositoryGraph(RegistryClient client, string repository, ILookup<string, string> fallback)
{
    const int Parallel = 16;

    readonly Dictionary<string, Node> _nodes = [];

    /// <summary>
    /// Until the registry says that it keeps no such lists: then all there is stands under fallback tags.
    /// </summary>
    volatile bool _listsReferrers = true;

    /// <summary>What something is that an index or a list of referrers names.</summary>
    /// <param name="Digest">Its digest.</param>
    /// <param name="IsManifest">Whether registries keep it as a manifest: the cache of a builder names layers. Only
    /// manifests are asked for and removed.</param>
    readonly record struct Link(string Digest, bool IsManifest)
    {
        public static Link To(OciDescriptor x) => new(x.Digest, OciMediaTypes.IsKeptAsManifest(x.MediaType));
    }

    /// <summary>What it leads to, and the configuration of an image.</summary>
    sealed record Node(IReadOnlyList<Link> Links, OciDescriptor? Config);

    /// <summary>Everything that is reached from some manifests, themselves included; those that are not there are left
    /// out. Blobs that an index names are among it.</summary>
    public async Task<IReadOnlySet<string>> ReachableAsync(IReadOnlyCollection<string> roots,
        CancellationToken cancellation)
    {
        var (found, blobs) = (new HashSet<string>(), new HashSet<string>());
        var next = roots.ToHashSet();
        while (next.Count > 0)
        {
            var unknown = next.Where(x => !_nodes.ContainsKey(x)).ToList();
            await System.Threading.Tasks.Parallel.ForEachAsync(unknown,
                new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
                async (digest, token) =>
                {
                    var node = await ReadAsync(digest, token);
                    lock (_nodes) _nodes[digest] = node;
                });
            found.UnionWith(next);
            var links = next.SelectMany(x => _nodes[x].Links).ToLookup(x => x.IsManifest, x => x.Digest);
            blobs.UnionWith(links[false]);
            next = [.. links[true].Where(x => !found.Contains(x))];
        }

        found.UnionWith(blobs);
        return found;
    }

    /// <summary>What a manifest that was read leads to: its platforms, and what refers to it.</summary>
    public IReadOnlyList<string> ChildrenOf(string digest) =>
        [.. _nodes[digest].Links.Where(x => x.IsManifest).Select(x => x.Digest)];

    /// <summary>
    /// Whatever leads to another one goes first: a removal that is cut short leaves nothing that leads nowhere.
    /// </summary>
    public IReadOnlyList<string> InOrderOfRemoval(IEnumerable<string> digests)
    {
        var (wanted, ordered) = (digests.ToHashSet(), new List<string>());
        var seen = new HashSet<string>();
        foreach (var digest in wanted.Order(StringComparer.Ordinal)) Visit(digest);
        ordered.Reverse();
        return ordered;

        void Visit(string digest)
        {
            if (!wanted.Contains(digest) || !_nodes.TryGetValue(digest, out var node) || !seen.Add(digest)) return;
            foreach (var child in node.Links) Visit(child.Digest);
            ordered.Add(digest);
        }
    }

    /// <summary>Digests of the base images that images name in their labels.</summary>
    public async Task<IReadOnlySet<string>> BasesAsync(IReadOnlySet<string> images, CancellationToken cancellation)
    {
        var bases = new HashSet<string>();
        var configs = images.Select(x => _nodes.GetValueOrDefault(x)?.Config).OfType<OciDescriptor>()
            .DistinctBy(x => x.Digest);
        await System.Threading.Tasks.Parallel.ForEachAsync(configs,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (config, token) =>
            {
                if (await ReadConfigAsync(config, token) is not { } digest) return;
                lock (bases) bases.Add(digest);
            });
        return bases;
    }

    async Task<string?> ReadConfigAsync(OciDescriptor config, CancellationToken cancellation)
    {
        try
        {
            return OciJson.Parse(await client.GetBlobAsync(repository, config, cancellation), OciConfig.Read)
                .Labels.GetValueOrDefault("org.opencontainers.image.base.digest");
        }
        catch (JsonException e)
        {
            throw Unreadable(config.Digest, e);
        }
    }

    ProblemException Unreadable(string digest, JsonException e) =>
        new($"{client.Registry}/{repository}@{digest} cannot be understood: {e.Message}",
            "Nothing is removed of a repository that cannot be read as a whole", e)
        { IsUnknown = true };

    async Task<Node> ReadAsync(string digest, CancellationToken cancellation)
    {
        var referrers = fallback[digest].Select(x => new Link(x, IsManifest: true)).ToList();
        if (_listsReferrers)
        {
            if ((await client.ReferrersAsync(repository, digest, cancellation)).Entries is { } listed)
                referrers.AddRange(listed.Select(x => Link.To(OciDescriptor.Read(x)) with { IsManifest = true }));
            else _listsReferrers = false;
        }

        if (await client.GetManifestAsync(repository, digest, cancellation: cancellation) is not { } manifest)
            return new Node(referrers, null);
        try
        {
            return OciJson.Parse(manifest.Content, root =>
            {
                if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("manifests", out _))
                    return new Node([.. referrers, .. OciIndex.Read(root).Select(Link.To)], null);
                var config = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("config", out var found)
                    ? OciDescriptor.Read(found) : null;
                return new Node(referrers, config is not null && OciMediaTypes.IsConfig(config.MediaType) ? config
                    : null);
            });
        }
        catch (JsonException e)
        {
            throw Unreadable(digest, e);
        }
    }
}
