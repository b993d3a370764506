using CycloneDX.Models;

namespace OpenStack.Sbom;

/// <summary>Which component depends on which, by their references.</summary>
sealed class DependencyGraph
{
    readonly SortedDictionary<string, SortedSet<string>> _edges = new(StringComparer.Ordinal);

    public void Add(string component, IEnumerable<string> dependencies)
    {
        if (!_edges.TryGetValue(component, out var edges))
            _edges[component] = edges = new SortedSet<string>(StringComparer.Ordinal);
        edges.UnionWith(dependencies);
        edges.Remove(component);
    }

    /// <summary>
    /// The fewest of these components from which all of them are reached: those that no other needs, and one of each
    /// circle left.
    /// </summary>
    public IReadOnlyList<string> RootsOf(IReadOnlyCollection<string> components)
    {
        var needed = components.SelectMany(x => _edges[x]).ToHashSet(StringComparer.Ordinal);
        var (roots, reached) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var component in components.OrderBy(needed.Contains).ThenBy(x => x, StringComparer.Ordinal))
        {
            if (reached.Contains(component)) continue;
            roots.Add(component);
            var left = new Stack<string>([component]);
            while (left.TryPop(out var next))
            {
                if (reached.Add(next))
                    foreach (var dependency in _edges.GetValueOrDefault(next) ?? []) left.Push(dependency);
            }
        }

        return roots;
    }

    /// <summary>An entry for each component: one without dependencies says so.</summary>
    public List<Dependency> ToList() =>
        [.. _edges.Select(x => new Dependency
        {
            Ref = x.Key,
            Dependencies = x.Value.Count == 0 ? null : [.. x.Value.Select(y => new Dependency { Ref = y })],
        })];
}
