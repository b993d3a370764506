using CycloneDX;
using CycloneDX.Models;
using OpenStack.Wheels;

namespace OpenStack.Sbom;

/// <summary>What a native package says of itself.</summary>
/// <param name="Format">Of packages, as package URLs call it: <c>deb</c>.</param>
/// <param name="Name">Of the package.</param>
/// <param name="Version">As its format writes it.</param>
/// <param name="Architecture">As its format calls it.</param>
/// <param name="Depends">What it wants of the distribution, as it says it.</param>
public sealed record PackageIdentity(
    string Format, string Name, string Version, string Architecture, IReadOnlyList<string> Depends);

/// <summary>A native package with a virtual environment in it.</summary>
/// <param name="Identity">What it says of itself.</param>
/// <param name="Distribution">ID and codename of what it is for, <c>debian-trixie</c>.</param>
/// <param name="Publisher">Who answers for it: a name and an address.</param>
/// <param name="Sha256">Of the file, 64 hexadecimal digits.</param>
/// <param name="Source">The repository of the service.</param>
/// <param name="Time">Of the commit that it is built from.</param>
public sealed record BundlingPackage(PackageIdentity Identity, string Distribution, string Publisher, string Sha256,
    string Source, DateTimeOffset Time);

/// <summary>
/// What a native package brings along, as a CycloneDX document: each Python distribution by the file that it was
/// installed from. What it takes of the distribution is what it depends on, and not in it.
/// </summary>
public static class PackageBom
{
    /// <param name="bundled">The distributions, that of the service among them.</param>
    public static string Of(BundlingPackage package, IReadOnlyList<DistributionFile> bundled)
    {
        var identity = package.Identity;
        var purl = Purl.OfPackage(identity.Format, "openstack-images", identity.Name, identity.Version,
            identity.Architecture, package.Distribution);
        var components = bundled.Select(ComponentOf).DistinctBy(x => x.BomRef)
            .OrderBy(x => x.BomRef, StringComparer.Ordinal).ToList();
        return SbomFiles.Text(new Bom
        {
            SerialNumber = ImageBom.SerialNumberOf($"{purl} {package.Sha256}"),
            Version = 1,
            Metadata = new Metadata
            {
                Timestamp = package.Time.UtcDateTime,
                Tools = ImageBom.Tools(),
                Component = new Component
                {
                    Type = Component.Classification.Application,
                    BomRef = purl,
                    Supplier = BomParts.Supplier(package.Publisher),
                    Name = identity.Name,
                    Version = identity.Version,
                    Hashes = BomParts.Sha256(package.Sha256),
                    Purl = purl,
                    ExternalReferences = BomParts.References(
                        (ExternalReference.ExternalReferenceType.Vcs, package.Source)),
                    Properties = BomProperties.List(identity.Depends.Select(x =>
                        BomProperties.Of(BomProperties.SystemDependency, x))),
                },
                Lifecycles = [new Lifecycles { Phase = Lifecycles.LifecyclePhase.Build }],
            },
            Components = components,
            Dependencies =
            [
                new Dependency
                {
                    Ref = purl,
                    Dependencies = [.. components.Select(x => new Dependency { Ref = x.BomRef })],
                },
            ],
            // Which of them needs which is known of the image of the same service.
            Compositions =
            [
                new Composition
                {
                    Aggregate = Composition.AggregateType.Incomplete,
                    Dependencies = [purl],
                },
                new Composition { Aggregate = Composition.AggregateType.Complete, Assemblies = [purl] },
            ],
            SpecVersion = SpecificationVersion.v1_6,
        });
    }

    static Component ComponentOf(DistributionFile file)
    {
        var purl = Purl.OfPython(file.Name, file.Version);
        return new Component
        {
            Type = Component.Classification.Library,
            BomRef = purl,
            Name = file.Name,
            Version = file.Version,
            Hashes = BomParts.Sha256(file.Sha256),
            Licenses = BomParts.Licenses([]),
            Purl = purl,
            ExternalReferences = BomParts.References(
                (ExternalReference.ExternalReferenceType.Distribution, file.PublicUrl)),
            Properties = BomProperties.List([BomProperties.Of(BomProperties.HashOf, file.File)]),
        };
    }
}
