using CycloneDX.Models;

namespace OpenStack.Sbom;

/// <summary>What is within a Python distribution as components of it: native libraries, and what its own SBOMs list (PEP 770).</summary>
static class PythonParts
{
    /// <param name="reference">That of the distribution.</param>
    /// <param name="graph">Gets the dependencies that SBOMs name.</param>
    /// <returns>Sorted by reference. A library that an SBOM lists by its name is there once, with what both say.</returns>
    public static List<Component> Of(Inventory inventory, PythonDistribution distribution, string reference, DependencyGraph graph)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var parts = new List<Component>();
        foreach (var sbom in inventory.Embedded[distribution])
        {
            var references = sbom.Parts.Where(x => x.Reference.Length > 0).DistinctBy(x => x.Reference)
                .ToDictionary(x => x.Reference, x => $"{reference}#{x.Reference}", StringComparer.Ordinal);
            foreach (var (part, i) in sbom.Parts.Select((x, i) => (x, i)))
            {
                var own = references.GetValueOrDefault(part.Reference) ?? $"{reference}#/{sbom.Path}/{i + 1}";
                // Two SBOMs may list the same.
                if (!known.Add(own)) continue;
                part.Component.BomRef = own;
                part.Component.Properties = [BomProperties.Of(BomProperties.EmbeddedSbom, "/" + sbom.Path)];
                parts.Add(part.Component);
                if (part.Dependencies is { } needed) graph.Add(own, needed.Select(x => references.GetValueOrDefault(x)).OfType<string>());
            }
        }

        foreach (var library in inventory.Libraries[distribution]) AddLibrary(parts, library, $"{reference}#/{library.Path}");
        return [.. parts.OrderBy(x => x.BomRef, StringComparer.Ordinal)];
    }

    static void AddLibrary(List<Component> parts, NativeLibrary library, string reference)
    {
        var occurrence = new EvidenceOccurrence { Location = "/" + library.Path };
        var hashes = BomParts.Sha256(Convert.ToHexStringLower(library.File.Digest!));
        if (parts.Where(x => x.Name == library.Name || x.Name == library.Product?.Name).ToList() is [{ Evidence: null } listed])
        {
            listed.Evidence = new Evidence { Occurrences = [occurrence] };
            listed.Hashes ??= hashes;
            return;
        }

        var version = library.Version;
        parts.Add(new Component
        {
            Type = Component.Classification.Library,
            BomRef = reference,
            Supplier = BomParts.Supplier(null),
            Name = version is null ? library.Name : library.Product!.Name,
            Version = version,
            Hashes = hashes,
            Licenses = BomParts.Licenses([]),
            Cpe = version is not null && library.Product?.Cpe is { } product ? Cpe.OfProduct(product, version) : null,
            Purl = version is null ? null : Purl.OfProduct(library.Product!.Name, version),
            Properties = BomProperties.List(BomProperties.Of(BomProperties.HashOf, "/" + library.Path), BomProperties.Of(BomProperties.VersionFrom, library.VersionFrom)),
            Evidence = new Evidence { Occurrences = [occurrence] },
        });
    }
}
