using Nuke.Common.IO;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>A package in a repository, and what is said of it.</summary>
/// <param name="Bundles">By what they say, of <see cref="PackageStatements.Types"/>.</param>
public sealed record StatedPackage(
    AbsolutePath Package, IPackageFormat Format, IReadOnlyDictionary<string, AbsolutePath> Bundles);

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

    /// <summary>The name of a bundle's file, without what it ends with.</summary>
    public static string NameOf(string digest, string type) =>
        $"{digest["sha256:".Length..]}.{PredicateTypes.NameOf(type).ToLowerInvariant()}";

    /// <summary>Brings a bundle into a repository.</summary>
    /// <param name="name">See <see cref="NameOf"/>.</param>
    public static void Publish(AbsolutePath from, string name, AbsolutePath repository) =>
        AtomicFile.WriteText(In(repository, name), File.ReadAllText(from / (name + Suffix)));

    /// <summary>The packages of a repository.</summary>
    public static IEnumerable<StatedPackage> In(AbsolutePath repository) => PackageFormats.All
        .SelectMany(x => Directory.GetFiles(repository, $"*.{x.Name}", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal), (x, file) => Stated(repository, file, x));

    static StatedPackage Stated(AbsolutePath repository, AbsolutePath file, IPackageFormat format)
    {
        var digest = Digest.OfFile(file);
        return new StatedPackage(file, format, Types.ToDictionary(x => x, x => In(repository, NameOf(digest, x)))
            .Where(x => File.Exists(x.Value)).ToDictionary());
    }

    static AbsolutePath In(AbsolutePath repository, string name) =>
        repository / "attestations" / "sha256" / (name + Suffix);
}
