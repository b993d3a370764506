using CycloneDX.Models;
using OpenStack.Oci;
using static CycloneDX.Models.ExternalReference.ExternalReferenceType;

namespace OpenStack.Sbom;

/// <summary>
/// What was built from source and is no Python distribution: the component that the image is for, with the files that
/// nobody else has brought, and what was linked into it.
/// </summary>
sealed class NativeComponents
{
    /// <summary>Where components put files that are theirs; what lies elsewhere, the base and packages make.</summary>
    static readonly string[] s_places = ["usr", "opt"];

    readonly Inventory _inventory;
    readonly BomSubject _subject;
    readonly Func<ImageFile, IEnumerable<Property>> _layerOf;

    /// <param name="layerOf">Says of a file which layer it is in.</param>
    public NativeComponents(Inventory inventory, BomSubject subject, Func<ImageFile, IEnumerable<Property>> layerOf)
    {
        (_inventory, _subject, _layerOf) = (inventory, subject, layerOf);
        if (subject.Natives.Count == 0) return;
        var files = OwnFiles();
        Components = [.. subject.Natives.Select(x => ComponentOf(x, files))];
    }

    public IReadOnlyList<Component> Components { get; } = [];

    /// <summary>Those of <see cref="Components"/>, in the order of the subject.</summary>
    public IReadOnlyList<string> References => [.. Components.Select(x => x.BomRef)];

    /// <summary>Whatever else a compiler took into its programs, nobody sees.</summary>
    public Composition? Composition => References.Count == 0 ? null : new Composition
    {
        Aggregate = Composition.AggregateType.Unknown,
        Assemblies = [.. References.Order(StringComparer.Ordinal)],
    };

    Component ComponentOf(NativeSource source, List<(string Path, ImageFile File)> files)
    {
        var purl = source.Purl;
        return new Component
        {
            Type = source.IsService ? Component.Classification.Application : Component.Classification.Library,
            BomRef = purl,
            Supplier = BomParts.Supplier(null),
            Name = source.Name,
            Version = source.Version,
            Hashes = FileSetDigest.Of(_inventory.Tree, files.Select(x => x.Path)) is { } digest
                ? BomParts.Sha256(digest) : null,
            Licenses = BomParts.Licenses([]),
            Purl = purl,
            Pedigree = source.Built is null ? null : SourcePedigree.Of(source.Built),
            ExternalReferences = BomParts.References((Vcs, source.Built?.Vcs is null ? null : source.Remote)),
            Properties = BomProperties.List(
            [
                BomProperties.Of(BomProperties.HashOf, files.Count == 0
                    ? null : $"{FileSetDigest.Description}, of those that no package has"),
                BomProperties.Of(BomProperties.LinkedInto, source.IsService ? null : _subject.Name),
                .. source.Built?.Tree.Patches.DistinctBy(x => x.Name)
                    .Select(x => BomProperties.Of(BomProperties.Patch + x.Name, x.Digest)) ?? [],
                .. files.Count == 0 ? [] : _layerOf(files[0].File),
            ]),
        };
    }

    /// <summary>The files that neither a package nor the base image has brought.</summary>
    List<(string Path, ImageFile File)> OwnFiles()
    {
        var packaged = _inventory.Packages.SelectMany(x => x.Files).Select(_inventory.Tree.FindItself)
            .OfType<ImageFile>().ToHashSet(ReferenceEqualityComparer.Instance);
        var lowest = _subject.BaseLayers.GetValueOrDefault(_inventory.Config.Platform);
        return [.. s_places.SelectMany(_inventory.Tree.Files)
            .Where(x => x.File.Layer >= lowest && !packaged.Contains(x.File))];
    }
}
