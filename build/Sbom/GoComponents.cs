using CycloneDX.Models;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>
/// The modules that Go's programs are made of. A program is a component of its own where nothing else brings it.
/// </summary>
sealed class GoComponents
{
    readonly Inventory _inventory;
    readonly DependencyGraph _graph;
    readonly Func<ImageFile, IEnumerable<Property>> _layerOf;
    readonly SortedDictionary<string, Component> _components = new(StringComparer.Ordinal);

    /// <param name="ownerOf">What brings a program, by its reference; null for nothing.</param>
    /// <param name="image">The reference of the image.</param>
    /// <param name="graph">Gets their dependencies.</param>
    /// <param name="layerOf">Says of a file which layer it is in.</param>
    public GoComponents(Inventory inventory, Func<ImageFile, string?> ownerOf, string image, DependencyGraph graph,
        Func<ImageFile, IEnumerable<Property>> layerOf)
    {
        (_inventory, _graph, _layerOf) = (inventory, graph, layerOf);
        foreach (var program in inventory.GoPrograms)
        {
            var owner = ownerOf(program.File);
            if (owner is null)
            {
                owner = Add(program, program.Info.Main ?? new GoModule(program.Info.Package, "", ""), isMain: true);
                graph.Add(image, [owner]);
            }

            graph.Add(owner, program.Info.Modules.Append(program.Info.StandardLibrary)
                .Select(x => Add(program, x, isMain: false)).ToList());
        }
    }

    public IReadOnlyCollection<Component> Components => _components.Values;

    string Add(GoProgram program, GoModule module, bool isMain)
    {
        // A module that nobody has published is that of its program alone.
        var path = module.Path.Length > 0 ? module.Path : program.Path;
        var version = module.Version.StartsWith('(') ? "" : module.Version;
        var purl = Purl.OfGo(path, version);
        var reference = isMain ? $"{purl}#/{program.Path}" : purl;
        if (!_components.TryGetValue(reference, out var component))
        {
            _graph.Add(reference, []);
            _components[reference] = component = ComponentOf(program, module, path, version, purl, reference, isMain);
        }

        component.Evidence.Occurrences.Add(new EvidenceOccurrence { Location = "/" + program.Path });
        return reference;
    }

    Component ComponentOf(GoProgram program, GoModule module, string path, string version, string purl,
        string reference, bool isMain)
    {
        var sum = DigestOf(module.Sum);
        return new Component
        {
            Type = isMain ? Component.Classification.Application : Component.Classification.Library,
            BomRef = reference,
            Supplier = BomParts.Supplier(null),
            Name = path,
            Version = version.Length > 0 ? version : BomParts.Unknown,
            Hashes = BomParts.Sha256(sum ?? Convert.ToHexStringLower(program.File.Digest!)),
            Licenses = BomParts.Licenses([]),
            Purl = purl,
            Properties = BomProperties.List(
            [
                BomProperties.Of(BomProperties.HashOf,
                    sum is null ? "/" + program.Path : "the module, as go.sum has it"),
                BomProperties.Of(BomProperties.GoSum, module.Sum),
                BomProperties.Of(BomProperties.GoReplaces, module.Replaced),
                .. isMain ? program.Info.Settings.Select(x => BomProperties.Of(BomProperties.GoBuild + x.Key, x.Value))
                    : [],
                .. _layerOf(program.File),
            ]),
            Evidence = new Evidence { Occurrences = [] },
        };
    }

    /// <summary>
    /// The SHA-256 of a sum: of a list of the module's files with theirs (golang.org/x/mod/sumdb/dirhash).
    /// </summary>
    static string? DigestOf(string sum)
    {
        Span<byte> bytes = stackalloc byte[32];
        return sum.StartsWith("h1:", StringComparison.Ordinal)
            && Convert.TryFromBase64String(sum["h1:".Length..], bytes, out var length) && length == bytes.Length
            ? Convert.ToHexStringLower(bytes) : null;
    }
}
