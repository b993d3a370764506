using CycloneDX.Models;
using OpenStack.Constraints;
using OpenStack.Oci;
using OpenStack.Wheels;
using static CycloneDX.Models.Component;
using static CycloneDX.Models.ExternalReference.ExternalReferenceType;

namespace OpenStack.Sbom;

/// <summary>
/// The Python distributions of an image as components, with what is within them, and how whole that is.
/// </summary>
sealed class PythonComponents
{
    readonly Inventory _inventory;
    readonly BomSubject _subject;
    readonly Func<ImageFile, IEnumerable<Property>> _layerOf;
    readonly DistributionFiles? _files;
    readonly Dictionary<PythonDistribution, string> _references = [];
    readonly Dictionary<PythonDistribution, PythonNeeds> _needs = [];

    /// <summary>
    /// By copy the distribution that has it for itself: the one that has its metadata among its files.
    /// </summary>
    readonly Dictionary<PythonDistribution, PythonDistribution> _vendors = [];

    /// <param name="graph">Gets their dependencies.</param>
    /// <param name="layerOf">The layer that a file came with.</param>
    public PythonComponents(
        Inventory inventory, BomSubject subject, DependencyGraph graph, Func<ImageFile, IEnumerable<Property>> layerOf)
    {
        (_inventory, _subject, _layerOf) = (inventory, subject, layerOf);
        _files = subject.Files.GetValueOrDefault(inventory.Config.Platform);
        FindVendors();
        FindNeeds();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var distribution in inventory.Distributions
            .OrderByDescending(x => x.IsImportable).ThenBy(x => x.Path, StringComparer.Ordinal))
        {
            var component = ComponentOf(distribution, known);
            _references[distribution] = component.BomRef!;
            var parts = PythonParts.Of(inventory, distribution, component.BomRef!, graph);
            component.Components = parts.Count > 0 ? parts : null;
            Components.Add(component);
        }

        foreach (var (distribution, reference) in _references)
        {
            graph.Add(reference, _needs.GetValueOrDefault(distribution)?.Met.Select(x => _references[x]) ?? []);
            if (_vendors.TryGetValue(distribution, out var vendor)) graph.Add(_references[vendor], [reference]);
        }
    }

    public List<Component> Components { get; } = [];

    /// <summary>References of the components.</summary>
    public IReadOnlyCollection<string> References => _references.Values;

    /// <summary>
    /// Whether all that a distribution is made of is known: it is of one without native code that lists its files. What
    /// is linked into native code nobody sees: where nothing beside it says what that is, something is missing; where
    /// something does, whether that is all is not known.
    /// </summary>
    public IEnumerable<Composition> Compositions => _inventory.Distributions.GroupBy(AggregateOf).OrderBy(x => x.Key)
        .Select(x => new Composition
        {
            Aggregate = x.Key,
            Assemblies = [.. x.Select(y => _references[y]).Order(StringComparer.Ordinal)],
        });

    Composition.AggregateType AggregateOf(PythonDistribution distribution)
    {
        var isTold = _inventory.Libraries[distribution].Any()
            || _inventory.Embedded[distribution].Any(x => x.IsRead);
        return isTold || !distribution.HasFileList ? Composition.AggregateType.Unknown
            : distribution.HasNativeCode ? Composition.AggregateType.Incomplete
            : Composition.AggregateType.Complete;
    }

    void FindVendors()
    {
        foreach (var copy in _inventory.Distributions.Where(x => !x.IsImportable))
        {
            var vendor = _inventory.Distributions.FirstOrDefault(x => x.IsImportable
                && copy.Path.StartsWith(x.Site + "/", StringComparison.Ordinal) && x.Files.Contains(copy.Path));
            if (vendor is not null) _vendors[copy] = vendor;
        }
    }

    void FindNeeds()
    {
        foreach (var site in _inventory.Distributions.Where(x => x.IsImportable).GroupBy(x => x.Environment!))
        {
            var interpreter = PythonInterpreter.Of(_inventory, site.Key);
            foreach (var (distribution, needs) in PythonDependencies.Of([.. site], interpreter, _subject.Extras))
                _needs[distribution] = needs;
        }
    }

    /// <param name="known">References that are taken.</param>
    Component ComponentOf(PythonDistribution distribution, HashSet<string> known)
    {
        var source = distribution.IsImportable ? _subject.Sources.GetValueOrDefault(distribution.Key) : null;
        // What is patched is not what is at that commit: only the ancestor in its pedigree is.
        var vcs = source is { Tree.Patches.Count: 0 } ? source.Vcs : null;
        var purl = Purl.OfPython(distribution.Name, distribution.Version, vcs);
        var licenses = PythonLicense.Read(distribution.Metadata);
        var file = distribution.IsImportable ? _files?.Of(distribution.Key, distribution.Version) : null;
        var isUnknownFile = distribution.IsImportable && _files is not null && file is null && source is null;
        var references = ReferencesOf(distribution, source, file);
        return new Component
        {
            Type = source is { IsService: true } ? Classification.Application : Classification.Library,
            // The same distribution may be there more than once.
            BomRef = new[] { purl, $"{purl}#{distribution.Site}", $"{purl}#{distribution.Path}" }.First(known.Add),
            Supplier = BomParts.Supplier(distribution.Maker),
            Name = distribution.Name,
            // One that says none has none here: CycloneDX knows no word for that.
            Version = distribution.Version.Length > 0 ? distribution.Version : null,
            Description = distribution.Field("Summary"),
            Hashes = BomParts.Sha256(FileSetDigest.Of(_inventory.Tree, distribution.Files)
                ?? Convert.ToHexStringLower(distribution.Record.Digest!)),
            Licenses = BomParts.Licenses(licenses.Whole),
            Cpe = Cpe.OfPython(distribution.Key.Value, distribution.Version),
            Purl = purl,
            Pedigree = source is null ? null : SourcePedigree.Of(source),
            ExternalReferences = references.Count > 0 ? references : null,
            Properties = BomProperties.List(
            [
                BomProperties.Of(BomProperties.HashOf, distribution.HasFileList
                    ? FileSetDigest.Description : "its metadata: it does not say which files it has"),
                BomProperties.Of(BomProperties.MetadataPath, "/" + distribution.Path),
                BomProperties.Of(BomProperties.Installer, distribution.Installer),
                BomProperties.Of(BomProperties.VendoredBy, _vendors.GetValueOrDefault(distribution)?.Name),
                BomProperties.Of(BomProperties.LicenseNote, licenses.Note),
                BomProperties.Of(BomProperties.UnknownFile,
                    isUnknownFile ? $"{DistributionFiles.FileName} does not list it" : null),
                .. GapsOf(distribution),
                .. source?.Tree.Patches.DistinctBy(x => x.Name)
                    .Select(x => BomProperties.Of(BomProperties.Patch + x.Name, x.Digest))
                    ?? [],
                .. OverrideOf(distribution),
                .. _layerOf(distribution.Record),
            ]),
        };
    }

    /// <summary>What somebody wrote that is not read, or decides nothing.</summary>
    IEnumerable<Property> GapsOf(PythonDistribution distribution) =>
    [
        BomProperties.Of(BomProperties.UnreadMetadata, distribution.Unread),
        .. distribution.UnreadableRequirements.Select(x => BomProperties.Of(BomProperties.UnreadableRequirement, x)),
        .. _needs.GetValueOrDefault(distribution)?.Undecided
            .Select(x => BomProperties.Of(BomProperties.UndecidedRequirement, x))
            ?? [],
        .. _inventory.Embedded[distribution].Where(x => x.Unread is not null)
            .Select(x => BomProperties.Of(BomProperties.UnreadSbom, $"/{x.Path}: {x.Unread}")),
    ];

    /// <summary>A file without a url is named: what is relative means nothing else here.</summary>
    static List<ExternalReference> ReferencesOf(
        PythonDistribution distribution, BuiltSource? source, DistributionFile? file)
    {
        var references = new List<ExternalReference>();
        if (source is { Vcs: not null } && BomParts.Url(source.Ref.Remote) is { } remote)
            references.Add(new ExternalReference { Type = Vcs, Url = remote });
        references.AddRange(ProjectUrls.Of(distribution)
            .Where(x => !references.Any(y => y.Type == x.Type && y.Url == x.Url)));
        if (file is null) return references;
        references.Add(FileReference(file.PublicUrl, file.Sha256, "the file that it was installed from"));
        if (file.BuiltFrom is { } archive)
        {
            var url = DistributionFile.PublicUrlOf(archive.Url, archive.File);
            references.Add(FileReference(url, archive.Sha256, "the source archive that it was built from"));
        }

        return references;
    }

    static ExternalReference FileReference(string url, string digest, string comment) =>
        new() { Type = Distribution, Url = url, Comment = comment, Hashes = BomParts.Sha256(digest) };

    /// <summary>
    /// What an override did to the constraint that the distribution was chosen by. One that is at another version was
    /// not chosen by it.
    /// </summary>
    IEnumerable<Property> OverrideOf(PythonDistribution distribution)
    {
        var change = _subject.Changes.LastOrDefault(x => PythonName.Of(x.Name) == distribution.Key
            && x.Kind is not (ConstraintChangeKind.SelfPin or ConstraintChangeKind.Unchanged)
            && x.LeadsTo(distribution.Version));
        if (change is null || !distribution.IsImportable) yield break;
        yield return BomProperties.Of(BomProperties.Override, $"{change with { Why = null }}");
        yield return BomProperties.Of(BomProperties.OverrideFile, $"{change.File}:{change.Line}");
        yield return BomProperties.Of(BomProperties.OverrideReason, change.Why);
    }
}
