using CycloneDX.Models;

namespace OpenStack.Sbom;

/// <summary>
/// What is within a Python distribution as components of it: native libraries, and what its own SBOMs list (PEP 770).
/// </summary>
static class PythonParts
{
    /// <param name="reference">That of the distribution.</param>
    /// <param name="graph">Gets the dependencies that SBOMs name.</param>
    /// <returns>
    /// Sorted by reference. A library that an SBOM lists by its name is there once, with what both say.
    /// </returns>
    public static List<Component> Of(
        Inventory inventory, PythonDistribution distribution, string reference, DependencyGraph graph)
    {
        var parts = new Dictionary<string, Component>(StringComparer.Ordinal);
        foreach (var sbom in inventory.Embedded[distribution]) AddParts(parts, sbom, reference, graph);
        var listed = parts.Values.ToList();
        foreach (var library in inventory.Libraries[distribution])
        {
            var occurrence = new EvidenceOccurrence { Location = "/" + library.Path };
            if (listed.Where(x => x.Name == library.Name || x.Name == library.Product?.Name).ToList() is [var known])
            {
                known.Evidence ??= new Evidence { Occurrences = [] };
                known.Evidence.Occurrences!.Add(occurrence);
            }
            else
            {
                var own = $"{reference}#/{library.Path}";
                parts[own] = ComponentOf(library, own, occurrence);
            }
        }

        return [.. parts.Values.OrderBy(x => x.BomRef, StringComparer.Ordinal)];
    }

    /// <summary>Two SBOMs may list the same; then the first one counts.</summary>
    static void AddParts(
        Dictionary<string, Component> parts, EmbeddedSbom sbom, string reference, DependencyGraph graph)
    {
        var references = sbom.Parts.Where(x => x.Reference.Length > 0).DistinctBy(x => x.Reference)
            .ToDictionary(x => x.Reference, x => $"{reference}#{x.Reference}", StringComparer.Ordinal);
        foreach (var (part, i) in sbom.Parts.Select((x, i) => (x, i)))
        {
            var own = references.GetValueOrDefault(part.Reference) ?? $"{reference}#/{sbom.Path}/{i + 1}";
            if (!parts.TryAdd(own, part.Component)) continue;
            part.Component.BomRef = own;
            part.Component.Properties = [BomProperties.Of(BomProperties.EmbeddedSbom, "/" + sbom.Path)];
            if (part.Dependencies is { } needed)
                graph.Add(own, needed.Select(x => references.GetValueOrDefault(x)).OfType<string>());
        }
    }

    static Component ComponentOf(NativeLibrary library, string reference, EvidenceOccurrence occurrence)
    {
        var (product, version) = (library.Version is null ? null : library.Product, library.Version);
        return new Component
        {
            Type = Component.Classification.Library,
            BomRef = reference,
            Supplier = BomParts.Supplier(null),
            Name = product?.Name ?? library.Name,
            Version = version,
            Hashes = BomParts.Sha256(Convert.ToHexStringLower(library.File.Digest!)),
            Licenses = BomParts.Licenses([]),
            Cpe = product?.Cpe is { } cpe ? Cpe.OfProduct(cpe, version!) : null,
            Purl = product is null ? null : Purl.OfProduct(product.Name, version!),
            Properties = BomProperties.List(
                BomProperties.Of(BomProperties.HashOf, "/" + library.Path),
                BomProperties.Of(BomProperties.VersionFrom, library.VersionFrom)),
            Evidence = new Evidence { Occurrences = [occurrence] },
        };
    }
}
