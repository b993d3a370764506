using OpenStack.Constraints;

namespace OpenStack.Sbom;

/// <summary>
/// What the distributions of one environment depend on: those of their requirements (<c>Requires-Dist</c>, PEP 508)
/// that hold in it and are there. Those of an extra hold when another asks for the extra.
/// </summary>
sealed class PythonDependencies
{
    readonly IReadOnlyList<PythonDistribution> _distributions;
    readonly ILookup<PythonName, PythonDistribution> _installed;
    readonly Dictionary<PythonName, HashSet<string>> _extras;
    readonly MarkerEnvironment _environment;

    PythonDependencies(IReadOnlyList<PythonDistribution> distributions, MarkerEnvironment environment)
    {
        (_distributions, _environment) = (distributions, environment);
        _installed = distributions.ToLookup(x => x.Key);
        _extras = _installed.ToDictionary(x => x.Key, _ => new HashSet<string>(StringComparer.Ordinal));
    }

    /// <param name="distributions">Those that one interpreter finds; it may find several versions of one.</param>
    /// <param name="environment">That interpreter.</param>
    /// <param name="extras">Extras that somebody has asked for, by distribution.</param>
    public static Dictionary<PythonDistribution, PythonNeeds> Of(
        IReadOnlyList<PythonDistribution> distributions, MarkerEnvironment environment,
        IReadOnlyDictionary<PythonName, IReadOnlyList<string>> extras)
    {
        var dependencies = new PythonDependencies(distributions, environment);
        foreach (var (name, wanted) in extras) dependencies.Ask(name, wanted);
        dependencies.FindExtras();
        return distributions.ToDictionary(x => x, dependencies.NeedsOf);
    }

    PythonNeeds NeedsOf(PythonDistribution distribution)
    {
        var met = HoldingIn(distribution).SelectMany(Meeting).Where(x => x.Key != distribution.Key).Distinct()
            .OrderBy(x => x.Key.Value, StringComparer.Ordinal).ThenBy(x => x.Path, StringComparer.Ordinal);
        var undecided = distribution.Requirements.Where(x => Holds(x.Requirement, distribution) is null
            && _installed.Contains(x.Requirement.Key));
        return new PythonNeeds([.. met], [.. undecided.Select(x => x.Text)]);
    }

    /// <summary>
    /// Of several versions those that the requirement admits; where it admits none, what is found is not known, and it
    /// is all of them.
    /// </summary>
    IEnumerable<PythonDistribution> Meeting(Requirement requirement)
    {
        var found = _installed[requirement.Key].ToList();
        if (found.Count < 2) return found;
        var admitted = found.Where(x => requirement.Specifiers.All(y => y.Admits(x.Version))).ToList();
        return admitted.Count > 0 ? admitted : found;
    }

    /// <summary>Whether that brought something new.</summary>
    bool Ask(PythonName name, IEnumerable<string> wanted)
    {
        if (!_extras.TryGetValue(name, out var extras)) return false;
        var count = extras.Count;
        extras.UnionWith(wanted.Select(x => PythonName.Of(x).Value));
        return extras.Count > count;
    }

    void FindExtras()
    {
        var left = new Queue<PythonDistribution>(_distributions);
        while (left.TryDequeue(out var distribution))
        {
            foreach (var requirement in HoldingIn(distribution).Where(x => Ask(x.Key, x.Extras)))
            {
                foreach (var concerned in _installed[requirement.Key]) left.Enqueue(concerned);
            }
        }
    }

    /// <summary>
    /// What is not decided, as it depends on a kernel, may be needed: an edge too many to a distribution that is there
    /// is a smaller fault than one that is missing.
    /// </summary>
    IEnumerable<Requirement> HoldingIn(PythonDistribution distribution) =>
        distribution.Requirements.Select(x => x.Requirement).Where(x => Holds(x, distribution) != false);

    /// <summary>Null where nobody knows, as of the kernel that the image will run on.</summary>
    bool? Holds(Requirement requirement, PythonDistribution distribution)
    {
        if (requirement.Marker is not { } marker) return true;
        // Without an extra the variable is empty, and what asks for one does not hold.
        bool? holds = marker.Holds(_environment);
        foreach (var extra in _extras[distribution.Key])
        {
            if (holds == true) break;
            bool? withExtra = marker.Holds(_environment.WithExtra(extra));
            if (withExtra != false) holds = withExtra;
        }

        return holds;
    }
}
