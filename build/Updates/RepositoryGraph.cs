using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Updates;

/// <summary>Which manifests of a repository lead to which, read as far as somebody asks, each once.</summary>
/// <param name="client">The registry.</param>
/// <param name="repository">The repository.</param>
/// <param name="fallback">What tags say refers to a digest: indexes of referrers, and cosign's older signatures.</param>
sealed class RepositoryGraph(RegistryClient client, string repository, ILookup<string, string> fallback)
{
    const int Parallel = 16;

    readonly Dictionary<string, Node> _nodes = [];

    /// <summary>Until the registry says that it keeps no such lists: then all there is stands under fallback tags.</summary>
    volatile bool _listsReferrers = true;

    /// <summary>What it leads to, and the configuration of an image.</summary>
    sealed record Node(IReadOnlyList<string> Children, OciDescriptor? Config);

    /// <summary>Everything that is reached from some manifests, themselves included; those that are not there are left out.</summary>
    public async Task<IReadOnlySet<string>> ReachableAsync(IReadOnlyCollection<string> roots, CancellationToken cancellation)
    {
        var found = new HashSet<string>();
        var next = roots.ToHashSet();
        while (next.Count > 0)
        {
            var unknown = next.Where(x => !_nodes.ContainsKey(x)).ToList();
            await System.Threading.Tasks.Parallel.ForEachAsync(unknown, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation }, async (digest, token) =>
            {
                var node = await ReadAsync(digest, token);
                lock (_nodes) _nodes[digest] = node;
            });
            found.UnionWith(next);
            next = [.. next.SelectMany(x => _nodes[x].Children).Where(x => !found.Contains(x))];
        }

        return found;
    }

    /// <summary>What a manifest that was read leads to: its platforms, and what refers to it.</summary>
    public IReadOnlyList<string> ChildrenOf(string digest) => _nodes[digest].Children;

    /// <summary>Whatever leads to another one goes first: a removal that is cut short leaves nothing that leads nowhere.</summary>
    public IReadOnlyList<string> InOrderOfRemoval(IEnumerable<string> digests)
    {
        var (wanted, ordered) = (digests.ToHashSet(), new List<string>());
        var seen = new HashSet<string>();
        foreach (var digest in wanted.Order(StringComparer.Ordinal)) Visit(digest);
        ordered.Reverse();
        return ordered;

        void Visit(string digest)
        {
            if (!wanted.Contains(digest) || !seen.Add(digest)) return;
            foreach (var child in _nodes[digest].Children) Visit(child);
            ordered.Add(digest);
        }
    }

    /// <summary>Digests of the base images that images name in their labels.</summary>
    public async Task<IReadOnlySet<string>> BasesAsync(IReadOnlySet<string> images, CancellationToken cancellation)
    {
        var bases = new HashSet<string>();
        var configs = images.Select(x => _nodes[x].Config).OfType<OciDescriptor>().DistinctBy(x => x.Digest);
        await System.Threading.Tasks.Parallel.ForEachAsync(configs, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation }, async (config, token) =>
        {
            using var json = JsonDocument.Parse(await client.GetBlobAsync(repository, config, token));
            if (OciConfig.Read(json.RootElement).Labels.GetValueOrDefault("org.opencontainers.image.base.digest") is not { } digest) return;
            lock (bases) bases.Add(digest);
        });
        return bases;
    }

    async Task<Node> ReadAsync(string digest, CancellationToken cancellation)
    {
        var referrers = fallback[digest].ToList();
        if (_listsReferrers)
        {
            if (await client.ReferrersAsync(repository, digest, cancellation) is { } listed) referrers.AddRange(listed.Select(x => OciDescriptor.Read(x).Digest));
            else _listsReferrers = false;
        }

        if (await client.GetManifestAsync(repository, digest, cancellation: cancellation) is not { } manifest) return new Node(referrers, null);
        try
        {
            using var json = JsonDocument.Parse(manifest.Content);
            var root = json.RootElement;
            if (root.TryGetProperty("manifests", out _))
                return new Node([.. referrers, .. OciIndex.Read(root).Select(x => x.Digest)], null);
            var config = root.TryGetProperty("config", out var found) ? OciDescriptor.Read(found) : null;
            return new Node(referrers, config?.MediaType == OciMediaTypes.Config ? config : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException($"{client.Registry}/{repository}@{digest} cannot be understood: {e.Message}", "Nothing is removed of a repository that cannot be read as a whole", e);
        }
    }
}
