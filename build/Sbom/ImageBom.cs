using System.Security.Cryptography;
using System.Text;
using CycloneDX;
using CycloneDX.Models;
using OpenStack.Oci;
using static CycloneDX.Models.ExternalReference.ExternalReferenceType;

namespace OpenStack.Sbom;

/// <summary>
/// What an image is made of as a CycloneDX document: a function of the image and of what the build knows of it, without
/// times of the moment or chance. It says of each component who made it, its name, version, identifiers, hash, licences
/// and dependencies, and where something is not known, that (CISA, "Minimum Elements for an SBOM").
/// </summary>
sealed class ImageBom
{
    const string Tool = "openstack-images";
    const string SystemRef = "operating-system";

    readonly Inventory _inventory;
    readonly BomSubject _subject;
    readonly List<Component> _components = [];
    readonly DependencyGraph _graph = new();

    readonly List<Composition> _compositions = [];

    readonly Dictionary<string, string> _packages = new(StringComparer.Ordinal);
    string? _native;

    ImageBom(Inventory inventory, BomSubject subject) => (_inventory, _subject) = (inventory, subject);

    /// <param name="version">Of CycloneDX: 1.5 or newer.</param>
    public static Bom Of(Inventory inventory, BomSubject subject, SpecificationVersion version) =>
        new ImageBom(inventory, subject).Build(version);

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
            new Component
            {
                Type = Component.Classification.Application,
                Supplier = new OrganizationalEntity { Name = Tool },
                Name = Tool,
                Version = typeof(ImageBom).Assembly.GetName().Version!.ToString(3),
            },
        ],
    };

    Bom Build(SpecificationVersion version)
    {
        var image = ImageOf(_inventory.Manifest, _inventory.Config, _subject);
        image.Properties = BomProperties.List([.. image.Properties ?? [],
            .. _inventory.Libraries[null].Select(x => BomProperties.Of(BomProperties.UnownedLibrary, "/" + x.Path))]);
        AddSystem(image.BomRef!);
        AddDistributions(image.BomRef!);
        AddNatives(image.BomRef!);
        AddGo(image.BomRef!);
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
            Compositions = _compositions.Count == 0 ? null : _compositions,
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
            ExternalReferences = BomParts.References((Vcs,
                config.Labels.GetValueOrDefault("org.opencontainers.image.source"))),
            Properties = BomProperties.List([
                BomProperties.Of(BomProperties.HashOf, "the image manifest"),
                .. config.Labels.Select(x => BomProperties.Of(BomProperties.Label + x.Key, x.Value)),
                .. (subject.Unlocked.GetValueOrDefault(config.Platform) ?? [])
                    .Select(x => BomProperties.Of(BomProperties.Unlocked, x)),
            ]),
        };
    }

    internal static string ArchitectureOf(OciConfig config) =>
        config.Platform.Split('/').ElementAtOrDefault(1) ?? "unknown";

    void AddSystem(string image)
    {
        var dependencies = SystemDependencies.Of(_inventory.Packages);
        foreach (var package in _inventory.Packages)
            _packages.Add(package.Id, AddPackage(package, dependencies[package.Id].Unmet));
        foreach (var (package, (met, _)) in dependencies)
            _graph.Add(_packages[package], met.Select(x => _packages[x]));
        var roots = _graph.RootsOf(_packages.Values);
        _graph.Add(image, _inventory.System is null ? roots : [SystemRef]);
        if (_inventory.System is not { } system) return;
        _graph.Add(SystemRef, roots);
        var (id, release) = (system.Fields.GetValueOrDefault("ID", "linux"), system.Release ?? "");
        _components.Add(new Component
        {
            Type = Component.Classification.Operating_System,
            BomRef = SystemRef,
            Supplier = BomParts.Supplier(
                system.Fields.GetValueOrDefault("VENDOR_NAME") ?? system.Fields.GetValueOrDefault("NAME"),
                system.Fields.GetValueOrDefault("HOME_URL")),
            Name = id,
            // One that says none has none here: CycloneDX knows no word for that.
            Version = release.Length > 0 ? release : null,
            Description = system.Fields.GetValueOrDefault("PRETTY_NAME"),
            Hashes = BomParts.Sha256(Convert.ToHexStringLower(system.File.Digest!)),
            Licenses = BomParts.Licenses([]),
            Cpe = Cpe.OfSystem(id, system.Fields.GetValueOrDefault("VERSION_ID", "")),
            Purl = Purl.OfSystem(id, release),
            Properties = BomProperties.List([
                BomProperties.Of(BomProperties.HashOf, "/" + system.Path),
                .. LayerOf(system.File),
            ]),
        });
    }

    string AddPackage(SystemPackage package, IReadOnlyList<string> unmet)
    {
        var vendor = _inventory.System is { } system ? system.Fields.GetValueOrDefault("ID", "debian") : "debian";
        var release = _inventory.System?.Release ?? "";
        var source = package.Source;
        var purl = Purl.OfDeb(vendor, package.Name, package.Version, package.Architecture,
            release.Length == 0 ? "" : $"{vendor}-{release}",
            source == (package.Name, package.Version)
                ? null : source.Version == package.Version ? source.Name : $"{source.Name}@{source.Version}");
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
            Licenses = BomParts.Licenses(package.Licenses.Whole),
            Evidence = package.Licenses.Mentioned.Except(package.Licenses.Whole).Any()
                ? new Evidence { Licenses = BomParts.Licenses(package.Licenses.Mentioned) } : null,
            Purl = purl,
            ExternalReferences = BomParts.References((Website, package.Field("Homepage"))),
            Properties = BomProperties.List(
            [
                BomProperties.Of(BomProperties.HashOf,
                    files is null ? "dpkg's record of it: it has no files" : FileSetDigest.Description),
                BomProperties.Of(BomProperties.LicenseNote, package.Licenses.Note),
                BomProperties.Of(BomProperties.Source, $"{source.Name} {source.Version}"),
                .. _inventory.Packaged[package.Id].OrderBy(x => x.Key.Value, StringComparer.Ordinal)
                    .Select(x => BomProperties.Of(BomProperties.PackagedDistribution, $"{x.Name}=={x.Version}")),
                .. unmet.Select(x => BomProperties.Of(BomProperties.UnmetDependency, x)),
                .. package.IsRecordItsOwn ? LayerOf(package.Record) : [],
            ]),
        });
        return purl;
    }

    void AddDistributions(string image)
    {
        var distributions = new PythonComponents(_inventory, _subject, _graph, LayerOf);
        _components.AddRange(distributions.Components);
        _compositions.AddRange(distributions.Compositions);
        _graph.Add(image, _graph.RootsOf(distributions.References));
    }

    void AddNatives(string image)
    {
        var natives = new NativeComponents(_inventory, _subject, LayerOf);
        _components.AddRange(natives.Components);
        if (natives.Composition is { } composition) _compositions.Add(composition);
        if (natives.References.Count == 0) return;
        _native = natives.References[0];
        _graph.Add(image, [natives.References[0]]);
        _graph.Add(natives.References[0], natives.References.Skip(1));
        foreach (var linked in natives.References.Skip(1)) _graph.Add(linked, []);
    }

    void AddGo(string image)
    {
        if (_inventory.GoPrograms.Count == 0) return;
        var owners = new Dictionary<ImageFile, string>();
        foreach (var (file, package) in _inventory.Packages.SelectMany(x => x.Files,
            (x, y) => (_inventory.Tree.FindItself(y), x.Id)))
            if (file is not null) owners.TryAdd(file, _packages[package]);
        var lowest = _subject.BaseLayers.GetValueOrDefault(_inventory.Config.Platform);
        var go = new GoComponents(_inventory,
            x => owners.GetValueOrDefault(x) ?? (x.Layer >= lowest ? _native : null), image, _graph, LayerOf);
        _components.AddRange(go.Components);
    }

    IEnumerable<Property> LayerOf(ImageFile file)
    {
        yield return BomProperties.Of(BomProperties.LayerDigest, _inventory.Manifest.Layers[file.Layer].Digest);
        yield return BomProperties.Of(BomProperties.LayerDiffId,
            _inventory.Config.DiffIds.ElementAtOrDefault(file.Layer));
        if (_subject.BaseLayers.TryGetValue(_inventory.Config.Platform, out var lowest))
            yield return BomProperties.Of(BomProperties.LayerOf, file.Layer < lowest ? "base" : "image");
    }
}
