namespace OpenStack.Sbom;

/// <summary>
/// What the packages of an image depend on: <c>Pre-Depends</c> and <c>Depends</c>, of alternatives what is there.
/// </summary>
static class SystemDependencies
{
    /// <summary>Ids of packages, by that of the one that needs them, and what nothing meets; each sorted.</summary>
    public static Dictionary<string, (IReadOnlyList<string> Met, IReadOnlyList<string> Unmet)> Of(
        IReadOnlyList<SystemPackage> packages)
    {
        var named = packages.ToLookup(x => x.Name, StringComparer.Ordinal);
        var providers = packages.SelectMany(x => x.Provides, (package, name) => (name, package))
            .ToLookup(x => x.name, x => x.package, StringComparer.Ordinal);
        // Of a package for several architectures the one for that of the package that needs it.
        SystemPackage? Best(IEnumerable<SystemPackage> found, SystemPackage of) =>
            found.OrderBy(x => x.Architecture == of.Architecture ? 0 : 1).FirstOrDefault();
        SystemPackage? Resolve(IReadOnlyList<string> alternatives, SystemPackage of) =>
            alternatives.Select(x => Best(named[x], of)).FirstOrDefault(x => x is not null)
            ?? alternatives.Select(x => Best(providers[x], of)).FirstOrDefault(x => x is not null);
        return packages.ToDictionary(x => x.Id, x =>
        {
            var found = x.Dependencies.Select(y => (Written: string.Join(" | ", y), Package: Resolve(y, x))).ToList();
            return (Sorted(found.Select(y => y.Package?.Id).OfType<string>().Where(y => y != x.Id)),
                Sorted(found.Where(y => y.Package is null).Select(y => y.Written)));
        }, StringComparer.Ordinal);
    }

    static IReadOnlyList<string> Sorted(IEnumerable<string> texts) =>
        [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
