using CycloneDX.Models;
using OpenStack.Wheels;

namespace OpenStack.Sbom;

/// <summary>What a document has to say of its own gaps, so that nobody need look for it there.</summary>
static class BomWarnings
{
    const int MostNamed = 5;

    static readonly (string Property, Func<int, string> What)[] s_gaps =
    [
        (BomProperties.UnreadMetadata,
            x => $"distributions whose metadata cannot be read, so that their name is all that is known: {x}"),
        (BomProperties.UnmetDependency, x => $"dependencies of system packages that nothing in the image meets: {x}"),
        (BomProperties.UnreadableRequirement, x => $"requirements that cannot be read, so that edges may miss: {x}"),
        (BomProperties.UndecidedRequirement, x => $"requirements of which the image says not whether they hold: {x}"),
        (BomProperties.UnreadSbom, x => $"SBOMs of distributions that are not read, or not as a whole: {x}"),
        (BomProperties.UnknownFile, x => $"distributions that {DistributionFiles.FileName} does not list: {x}"),
        (BomProperties.Unlocked, x => $"inputs that have no digest, so that nobody can build from the same: {x}"),
        (BomProperties.UnownedLibrary, x => $"native libraries that belong to no distribution: {x}"),
    ];

    /// <summary>One line for each kind of gap: how many, and in which components.</summary>
    public static IReadOnlyList<string> Of(Bom bom)
    {
        var components = (bom.Components ?? []).Prepend(bom.Metadata?.Component).OfType<Component>().ToList();
        List<string> With(string property) =>
            [.. components.SelectMany(x => (x.Properties ?? []).Where(y => y.Name == property).Select(_ => x.Name!))];
        return [.. s_gaps.Select(x => (x.What, Found: With(x.Property))).Where(x => x.Found.Count > 0)
            .Select(x => $"{x.What(x.Found.Count)} ({Named([.. x.Found.Distinct()])})")];
    }

    static string Named(List<string> names) =>
        string.Join(", ", names.Take(MostNamed))
        + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
