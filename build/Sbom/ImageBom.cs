using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CycloneDX;
using CycloneDX.Models;
using OpenStack.Constraints;
using OpenStack.Oci;
using static CycloneDX.Models.ExternalReference.ExternalReferenceType;

namespace OpenStack.Sbom;

/// <summary>
/// What an image is made of as a CycloneDX document: a function of the image and of what the build knows of it, without times of the
/// moment or chance. It says of each component who made it, its name, version, identifiers, hash, licences and dependencies, and where
/// something is not known, that (CISA, "Minimum Elements for an SBOM").
/// </summary>
sealed partial class ImageBom
{
    const string Tool = "openstack-images";
    const string SystemRef = "operating-system";

    readonly Inventory _inventory;
    readonly BomSubject _subject;
    readonly List<Component> _components = [];
    readonly DependencyGraph _graph = new();

    /// <summary>By copy the distribution that has it for itself: the one that has its metadata among its files.</summary>
    readonly Dictionary<PythonDistribution, PythonDistribution> _vendors = [];

    ImageBom(Inventory inventory, BomSubject subject)
    {
        (_inventory, _subject) = (inventory, subject);
        foreach (var copy in inventory.Distributions.Where(x => !x.IsImportable))
        {
            var vendor = inventory.Distributions.FirstOrDefault(x => x.IsImportable && copy.Path.StartsWith(x.Site + "/", StringComparison.Ordinal) && x.Files.Contains(copy.Path));
            if (vendor is not null) _vendors[copy] = vendor;
        }
    }

    /// <param name="version">Of CycloneDX, from 1.5 on.</param>
    public static Bom Of(Inventory inventory, BomSubject subject, SpecificationVersion version) => new ImageBom(inventory, subject).Build(version);

    /// <summary>A serial number that is a function of what it is for (RFC 9562, version 8).</summary>
    public static string SerialNumberOf(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return $"urn:uuid:{new Guid(bytes, bigEndian: true)}";
    }

    /// <summary>This project, as the maker of a document.</summary>
    public static ToolChoices Tools() => new()
    {
        Components =
        [
            new Component { Type = Component.Classification.Application, Supplier = new OrganizationalEntity { Name = Tool }, Name = Tool, Version = typeof(ImageBom).Assembly.GetName().Version!.ToString(3) },
        ],
    };

    Bom Build(SpecificationVersion version)
    {
        var image = ImageOf(_inventory.Manifest, _inventory.Config, _subject);
        AddSystem(image.BomRef!);
        AddDistributions(image.BomRef!);
        return new Bom
        {
            SerialNumber = SerialNumberOf(_inventory.Manifest.Digest),
            Version = 1,
            Metadata = new Metadata
            {
                Timestamp = _inventory.Config.Created.UtcDateTime,
                Tools = Tools(),
                Authors = [new OrganizationalContact { Name = _subject.Publisher }],
                Component = image,
                Supplier = new OrganizationalEntity { Name = _subject.Publisher },
                Lifecycles = [new Lifecycles { Phase = Lifecycles.LifecyclePhase.Build }],
            },
            Components = [.. _components.OrderBy(x => x.BomRef, StringComparer.Ordinal)],
            Dependencies = _graph.ToList(),
            // Last: it reaches into the tools.
            SpecVersion = version,
        };
    }

    /// <summary>The image as a component: what a document about it is about.</summary>
    public static Component ImageOf(OciManifest manifest, OciConfig config, BomSubject subject)
    {
        var purl = Purl.OfImage(subject.Name, manifest.Digest, ArchitectureOf(config), subject.Repository);
        return new Component
        {
            Type = Component.Classification.Container,
            BomRef = purl,
            Supplier = new OrganizationalEntity { Name = subject.Publisher },
            Name = subject.Name,
            Version = config.Labels.GetValueOrDefault("org.opencontainers.image.version") ?? manifest.Digest,
            Hashes = BomParts.Sha256(manifest.Digest["sha256:".Length..]),
            Purl = purl,
            ExternalReferences = BomParts.References((Vcs, config.Labels.GetValueOrDefault("org.opencontainers.image.source"))),
            Properties = BomProperties.List([BomProperties.Of(BomProperties.HashOf, "the image manifest"), .. config.Labels.Select(x => BomProperties.Of(BomProperties.Label + x.Key, x.Value))]),
        };
    }

    static string ArchitectureOf(OciConfig config) => config.Platform.Split('/').ElementAtOrDefault(1) ?? "unknown";

    void AddSystem(string image)
    {
        var references = _inventory.Packages.ToDictionary(x => x.Id, AddPackage, StringComparer.Ordinal);
        foreach (var (package, dependencies) in SystemDependencies.Of(_inventory.Packages)) _graph.Add(references[package], dependencies.Select(x => references[x]));
        var roots = _graph.RootsOf(references.Values);
        _graph.Add(image, _inventory.System is null ? roots : [SystemRef]);
        if (_inventory.System is not { } system) return;
        _graph.Add(SystemRef, roots);
        var (id, release) = (system.Fields.GetValueOrDefault("ID", "linux"), system.Fields.GetValueOrDefault("VERSION_ID", ""));
        _components.Add(new Component
        {
            Type = Component.Classification.Operating_System,
            BomRef = SystemRef,
            Supplier = BomParts.Supplier(system.Fields.GetValueOrDefault("VENDOR_NAME") ?? system.Fields.GetValueOrDefault("NAME"), system.Fields.GetValueOrDefault("HOME_URL")),
            Name = id,
            // Rolling releases have none.
            Version = release.Length > 0 ? release : BomParts.Unknown,
            Description = system.Fields.GetValueOrDefault("PRETTY_NAME"),
            Hashes = BomParts.Sha256(Convert.ToHexStringLower(system.File.Digest!)),
            Licenses = BomParts.Licenses([]),
            Cpe = Cpe.OfSystem(id, release),
            Purl = Purl.OfSystem(id, release),
            Properties = BomProperties.List([BomProperties.Of(BomProperties.HashOf, "/" + system.Path), .. LayerOf(system.File)]),
        });
    }

    string AddPackage(SystemPackage package)
    {
        var (vendor, release) = _inventory.System is { } system ? (system.Fields.GetValueOrDefault("ID", "debian"), system.Fields.GetValueOrDefault("VERSION_ID", "")) : ("debian", "");
        var source = package.Source;
        var purl = Purl.OfDeb(vendor, package.Name, package.Version, package.Architecture, release.Length == 0 ? "" : $"{vendor}-{release}",
            source == (package.Name, package.Version) ? null : source.Version == package.Version ? source.Name : $"{source.Name}@{source.Version}");
        var files = FileSetDigest.Of(_inventory.Tree, package.Files);
        _components.Add(new Component
        {
            Type = Component.Classification.Library,
            BomRef = purl,
            Supplier = BomParts.Supplier(package.Field("Maintainer")),
            Name = package.Name,
            Version = package.Version,
            Description = package.Synopsis,
            Hashes = BomParts.Sha256(files ?? Convert.ToHexStringLower(package.Record.Digest!)),
            Licenses = BomParts.Licenses(package.Licenses),
            Purl = purl,
            ExternalReferences = BomParts.References((Website, package.Field("Homepage"))),
            Properties = BomProperties.List(
            [
                BomProperties.Of(BomProperties.HashOf, files is null ? "dpkg's record of it: it has no files" : FileSetDigest.Description),
                BomProperties.Of(BomProperties.Source, $"{source.Name} {source.Version}"),
                .. _inventory.Packaged[package.Id].OrderBy(x => x.Key.Value, StringComparer.Ordinal).Select(x => BomProperties.Of(BomProperties.PackagedDistribution, $"{x.Name}=={x.Version}")),
                .. package.IsRecordItsOwn ? LayerOf(package.Record) : [],
            ]),
        });
        return purl;
    }

    void AddDistributions(string image)
    {
        var references = new Dictionary<PythonDistribution, string>();
        foreach (var distribution in _inventory.Distributions.OrderByDescending(x => x.IsImportable).ThenBy(x => x.Path, StringComparer.Ordinal))
            references[distribution] = AddDistribution(distribution, references.Values);
        foreach (var site in _inventory.Distributions.Where(x => x.IsImportable).GroupBy(x => x.Site))
        {
            foreach (var (distribution, dependencies) in PythonDependencies.Of([.. site], EnvironmentOf(site.Key), _subject.Extras))
                _graph.Add(references[distribution], dependencies.Select(x => references[x]));
        }

        foreach (var (distribution, reference) in references)
        {
            _graph.Add(reference, []);
            if (_vendors.TryGetValue(distribution, out var vendor)) _graph.Add(references[vendor], [reference]);
        }

        _graph.Add(image, _graph.RootsOf(references.Values));
    }

    string AddDistribution(PythonDistribution distribution, IReadOnlyCollection<string> known)
    {
        var source = _subject.Sources.GetValueOrDefault(distribution.Key);
        if (!distribution.IsImportable) source = null;
        // What is patched is not what is at that commit: only the ancestor in its pedigree is.
        var purl = Purl.OfPython(distribution.Name, distribution.Version, source is { Tree.Patches.Count: 0 } ? source.Vcs : null);
        // The same distribution may be there more than once.
        var reference = known.Contains(purl) ? $"{purl}#{distribution.Site}" : purl;
        _components.Add(new Component
        {
            Type = source is { IsService: true } ? Component.Classification.Application : Component.Classification.Library,
            BomRef = reference,
            Supplier = BomParts.Supplier(new[] { "Author", "Author-email", "Maintainer", "Maintainer-email" }.Select(distribution.Field).FirstOrDefault(x => x is not null)),
            Name = distribution.Name,
            Version = distribution.Version.Length > 0 ? distribution.Version : BomParts.Unknown,
            Description = distribution.Field("Summary"),
            Hashes = BomParts.Sha256(FileSetDigest.Of(_inventory.Tree, distribution.Files) ?? Convert.ToHexStringLower(distribution.Record.Digest!)),
            Licenses = BomParts.Licenses(PythonLicense.LicensesIn(distribution.Metadata)),
            Cpe = Cpe.OfPython(distribution.Key.Value, distribution.Version),
            Purl = purl,
            Pedigree = source is null ? null : SourcePedigree.Of(source),
            ExternalReferences = BomParts.References((Website, distribution.Field("Home-page")), (Vcs, source is { Vcs: not null } ? source.Ref.Remote : null)),
            Properties = BomProperties.List(
            [
                BomProperties.Of(BomProperties.HashOf, distribution.Files is [var only] && only == distribution.Path ? "its metadata: it does not say which files it has" : FileSetDigest.Description),
                BomProperties.Of(BomProperties.MetadataPath, "/" + distribution.Path),
                BomProperties.Of(BomProperties.Installer, distribution.Installer),
                BomProperties.Of(BomProperties.VendoredBy, _vendors.GetValueOrDefault(distribution)?.Name),
                .. source?.Tree.Patches.Select(x => BomProperties.Of(BomProperties.Patch + x.Name, x.Digest)) ?? [],
                .. OverrideOf(distribution),
                .. LayerOf(distribution.Record),
            ]),
        });
        return reference;
    }

    /// <summary>What an override did to the constraint that the distribution was chosen by. One that is at another version was not chosen by it.</summary>
    IEnumerable<Property> OverrideOf(PythonDistribution distribution)
    {
        var change = _subject.Changes.LastOrDefault(x => PythonName.Of(x.Name) == distribution.Key && x.Kind is not (ConstraintChangeKind.SelfPin or ConstraintChangeKind.Unchanged));
        if (change is null || !distribution.IsImportable || (change.To is { } to && to.Split(';')[0].Trim() != distribution.Version)) yield break;
        yield return BomProperties.Of(BomProperties.Override, $"{change with { Why = null }}");
        yield return BomProperties.Of(BomProperties.OverrideFile, $"{change.File}:{change.Line}");
        yield return BomProperties.Of(BomProperties.OverrideReason, change.Why);
    }

    /// <summary>The interpreter that looks into a directory.</summary>
    MarkerEnvironment EnvironmentOf(string site)
    {
        var version = Interpreter().Match(site) is { Success: true } inPath ? inPath : _inventory.Tree.Files("usr/bin").Select(x => Interpreter().Match(x.Path)).FirstOrDefault(x => x.Success);
        var machine = ArchitectureOf(_inventory.Config) switch { "amd64" => "x86_64", "arm64" => "aarch64", var other => other };
        return MarkerEnvironment.Linux(version?.Groups["version"].Value ?? "3.0", machine);
    }

    IEnumerable<Property> LayerOf(ImageFile file)
    {
        yield return BomProperties.Of(BomProperties.LayerDigest, _inventory.Manifest.Layers[file.Layer].Digest);
        yield return BomProperties.Of(BomProperties.LayerDiffId, _inventory.Config.DiffIds.ElementAtOrDefault(file.Layer));
        if (_subject.BaseLayers.TryGetValue(_inventory.Config.Platform, out var lowest)) yield return BomProperties.Of(BomProperties.LayerOf, file.Layer < lowest ? "base" : "image");
    }

    [GeneratedRegex(@"/python(?<version>3\.[0-9]+)(?=/|\z)")]
    private static partial Regex Interpreter();
}
