using OpenStack.Constraints;

namespace OpenStack.Sbom;

/// <summary>
/// What the distributions of one environment depend on: those of their requirements (<c>Requires-Dist</c>, PEP 508) that hold in it and
/// are there. Those of an extra hold when another asks for the extra.
/// </summary>
sealed class PythonDependencies
{
    readonly Dictionary<PythonName, PythonDistribution> _installed;
    readonly Dictionary<PythonName, List<Requirement>> _requirements;
    readonly Dictionary<PythonName, HashSet<string>> _extras;
    readonly MarkerEnvironment _environment;

    PythonDependencies(IReadOnlyList<PythonDistribution> distributions, MarkerEnvironment environment)
    {
        _environment = environment;
        _installed = distributions.DistinctBy(x => x.Key).ToDictionary(x => x.Key);
        _requirements = _installed.ToDictionary(x => x.Key, x => x.Value.Metadata.Requirements.Select(y => Requirement.TryParse(y, out _)).OfType<Requirement>().ToList());
        _extras = _installed.Keys.ToDictionary(x => x, _ => new HashSet<string>(StringComparer.Ordinal));
    }

    /// <param name="distributions">Those that one interpreter finds.</param>
    /// <param name="environment">That interpreter.</param>
    /// <param name="extras">Extras that somebody has asked for, by distribution.</param>
    /// <returns>By distribution, those that it needs, sorted by name.</returns>
    public static Dictionary<PythonDistribution, IReadOnlyList<PythonDistribution>> Of(
        IReadOnlyList<PythonDistribution> distributions, MarkerEnvironment environment, IReadOnlyDictionary<PythonName, IReadOnlyList<string>> extras)
    {
        var dependencies = new PythonDependencies(distributions, environment);
        foreach (var (name, wanted) in extras.Where(x => dependencies._extras.ContainsKey(x.Key))) dependencies._extras[name].UnionWith(wanted.Select(x => PythonName.Of(x).Value));
        dependencies.FindExtras();
        return dependencies._installed.ToDictionary(x => x.Value, x => (IReadOnlyList<PythonDistribution>)[.. dependencies.HoldingIn(x.Key)
            .Where(y => y.Key != x.Key).Select(y => dependencies._installed.GetValueOrDefault(y.Key)).OfType<PythonDistribution>().Distinct().OrderBy(y => y.Key.Value, StringComparer.Ordinal)]);
    }

    void FindExtras()
    {
        var left = new Queue<PythonName>(_installed.Keys);
        while (left.TryDequeue(out var name))
        {
            foreach (var requirement in HoldingIn(name))
            {
                var count = _extras.TryGetValue(requirement.Key, out var extras) ? extras.Count : 0;
                extras?.UnionWith(requirement.Extras.Select(x => PythonName.Of(x).Value));
                if (extras?.Count > count) left.Enqueue(requirement.Key);
            }
        }
    }

    List<Requirement> HoldingIn(PythonName name)
    {
        // Without an extra the variable is empty, and what asks for one does not hold. What is not decided, as it depends on a patch of Python
        // or on a kernel, may be needed: an edge too many to a distribution that is there is a smaller fault than one that is missing.
        MarkerEnvironment[] environments = [_environment, .. _extras[name].Select(_environment.WithExtra)];
        return [.. _requirements[name].Where(x => x.Marker is null || environments.Any(y => x.Marker.Holds(y) != false))];
    }
}
