using Nuke.Common.IO;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Signed statements of packages, as Sigstore bundles. In a repository they are found by the digest of the package,
/// whatever its format: <c>attestations/sha256/&lt;digest&gt;.provenance.sigstore.json</c>.
/// </summary>
public static class PackageStatements
{
    const string Suffix = ".sigstore.json";

    /// <summary>What there are statements about.</summary>
    public static IReadOnlyList<string> Types { get; } = [PredicateTypes.Provenance, PredicateTypes.Sbom];

    /// <summary>What the package brings along, as it was made.</summary>
    public static AbsolutePath SbomOf(AbsolutePath package) => $"{package}.cdx.json";

    /// <summary>Where those of a format are made.</summary>
    public static AbsolutePath DirectoryOf(ServicePackage package, IPackageFormat format) =>
        package.Directory / $"{format.Name}-statements";

    /// <summary>The name of a bundle's file, without what it ends with.</summary>
    public static string NameOf(string digest, string type) =>
        $"{digest["sha256:".Length..]}.{PredicateTypes.NameOf(type).ToLowerInvariant()}";

    /// <summary>Brings what was made of packages into a repository.</summary>
    /// <param name="from">See <see cref="DirectoryOf"/>; need not be there.</param>
    /// <param name="packages">Those that are published: of others nothing is said.</param>
    /// <returns>How many.</returns>
    public static int Publish(AbsolutePath from, IEnumerable<AbsolutePath> packages, AbsolutePath repository)
    {
        var bundles = packages.Select(x => Digest.OfFile(x))
            .SelectMany(_ => Types, NameOf)
            .Select(x => (From: from / (x + Suffix), To: In(repository, x)))
            .Where(x => File.Exists(x.From))
            .ToList();
        foreach (var (bundle, to) in bundles) AtomicFile.WriteText(to, File.ReadAllText(bundle));
        return bundles.Count;
    }

    /// <summary>The packages of a repository, each with the bundles that say something of it, by type.</summary>
    public static IEnumerable<(AbsolutePath Package, IReadOnlyDictionary<string, AbsolutePath> Bundles)> In(
        AbsolutePath repository) => PackageFormats.All
        .SelectMany(x => Directory.GetFiles(repository, $"*.{x.Name}", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal)
        .Select(x => ((AbsolutePath)x, (IReadOnlyDictionary<string, AbsolutePath>)Types
            .ToDictionary(type => type, type => In(repository, NameOf(Digest.OfFile(x), type)))
            .Where(bundle => File.Exists(bundle.Value)).ToDictionary()));

    static AbsolutePath In(AbsolutePath repository, string name) =>
        repository / "attestations" / "sha256" / (name + Suffix);
}
