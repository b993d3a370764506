using OpenStack.Constraints;

namespace OpenStack.Lab;

/// <summary>
/// Mends the requirements of distributions from Debian, which keeps a part of them in its own package relations and
/// does not hold itself to the rest.
/// </summary>
sealed class WheelRequirements(IReadOnlyList<WheelDraft> wheels, IReadOnlySet<string> without,
    IReadOnlySet<string> unneeded)
{
    readonly List<string> _notes = [];
    readonly Dictionary<string, string> _versions = wheels.ToDictionary(x => x.Key, x => x.Version,
        StringComparer.Ordinal);

    /// <summary>Debian package, real or virtual, to distribution.</summary>
    readonly Dictionary<string, string> _providers = wheels
        .SelectMany(x => x.Provides, (wheel, package) => (wheel.Key, Package: package))
        .DistinctBy(x => x.Package).ToDictionary(x => x.Package, x => x.Key, StringComparer.Ordinal);

    /// <summary>What was changed, for the report.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Changes the metadata of all wheels so that pip finds them consistent.</summary>
    public void Mend()
    {
        foreach (var wheel in wheels) wheel.Metadata.ChangeRequirements(x => Satisfiable(wheel, x));
        foreach (var wheel in wheels) AddDependencies(wheel);
    }

    /// <summary>Removes what Debian has no package for, and versions that Debian does not hold itself to.</summary>
    string? Satisfiable(WheelDraft wheel, string text)
    {
        if (Requirement.TryParse(text, out var problem) is not { } requirement)
        {
            _notes.Add($"{wheel.Name}: requirement '{text}' is not understood, {problem?.Found}: removed");
            return null;
        }

        var key = requirement.Key.Value;
        if (requirement.IsOptional || without.Contains(key)) return text;
        if (!_versions.TryGetValue(key, out var version))
        {
            _notes.Add($"{wheel.Name}: requirement '{text}' has no package: removed");
            return null;
        }

        if (requirement.Specifiers.All(x => x.Admits(version))) return text;
        _notes.Add($"{wheel.Name}: requirement '{text}' is not met by {version}: version removed");
        return (requirement with { Specifiers = [] }).ToString();
    }

    /// <summary>
    /// What the package depends on is required, whether the metadata says so or not: dh_python3 removes the
    /// requirements that it translates, and <c>_cffi_backend</c> is no requirement of cryptography's.
    /// </summary>
    void AddDependencies(WheelDraft wheel)
    {
        var required = wheel.Metadata.Requirements.Select(x => Requirement.TryParse(x, out _))
            .Where(x => x is { IsOptional: false }).Select(x => x!.Key.Value).ToHashSet(StringComparer.Ordinal);
        var missing = wheel.Depends.Select(x => _providers.GetValueOrDefault(x)).OfType<string>()
            .Where(x => x != wheel.Key && !unneeded.Contains(x) && !required.Contains(x))
            .Distinct()
            .Order(StringComparer.Ordinal);
        foreach (var name in missing.ToList())
        {
            wheel.Metadata.Add("Requires-Dist", name);
            _notes.Add($"{wheel.Name}: requires {name}, by {wheel.Package}'s dependencies");
        }
    }
}
