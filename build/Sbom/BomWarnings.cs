using CycloneDX.Models;

namespace OpenStack.Sbom;

/// <summary>What a document has to say of its own gaps, so that nobody need look for it there.</summary>
static class BomWarnings
{
    const int MostNamed = 5;

    static readonly (string Property, Func<int, string> What)[] s_gaps =
    [
        (BomProperties.UnreadableRequirement, x => $"{x} {(x == 1 ? "requirement" : "requirements")} cannot be read: an edge may be missing"),
        (BomProperties.UndecidedRequirement, x => $"whether {x} {(x == 1 ? "requirement holds" : "requirements hold")}, the image does not say: an edge may be missing"),
        (BomProperties.UnreadSbom, x => $"{x} {(x == 1 ? "SBOM" : "SBOMs")} of distributions are not read"),
        (BomProperties.UnknownFile, x => $"{x} {(x == 1 ? "distribution" : "distributions")} are not in {DistributionFiles.FileName}: the file that came from the index is not named"),
        (BomProperties.UnownedLibrary, x => $"{x} native {(x == 1 ? "library" : "libraries")} belong to no distribution"),
    ];

    /// <summary>One line for each kind of gap: how many, and in which components.</summary>
    public static IReadOnlyList<string> Of(Bom bom)
    {
        var components = (bom.Components ?? []).Prepend(bom.Metadata?.Component).OfType<Component>().ToList();
        return [.. s_gaps.Select(x => (x.What, Found: components.SelectMany(y => (y.Properties ?? []).Where(z => z.Name == x.Property).Select(_ => y.Name!)).ToList()))
            .Where(x => x.Found.Count > 0).Select(x => $"{x.What(x.Found.Count)} ({Named([.. x.Found.Distinct()])})")];
    }

    static string Named(List<string> names) =>
        string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
