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
        $"{HexOf(digest)}.{PredicateTypes.NameOf(type).ToLowerInvariant()}";

    /// <summary>Brings a bundle into a repository.</summary>
    /// <param name="name">See <see cref="NameOf"/>.</param>
    public static void Publish(AbsolutePath from, string name, AbsolutePath repository) =>
        AtomicFile.WriteText(In(repository, name), File.ReadAllText(from / (name + Suffix)));

    /// <summary>What is published of a package that is here, wherever in the repository that is.</summary>
    public static IReadOnlyList<StatedPackage> Of(AbsolutePath repository, AbsolutePath file, IPackageFormat format)
    {
        var content = format.ContentOf(file);
        return [.. Files(repository, file.Name).Where(x => format.ContentOf(x) == content)
            .Select(x => Stated(repository, x, format))];
    }

    /// <summary>Removes what is said of packages that are not there any more.</summary>
    public static void RemoveUnused(AbsolutePath repository)
    {
        // In this order: what is said while this runs is of a package that was there before.
        var statements = Files(repository, $"*{Suffix}").ToList();
        var packages = In(repository).Select(x => HexOf(Digest.OfFile(x.Package))).ToHashSet();
        foreach (var file in statements.Where(x => !packages.Contains(x.Name.Split('.')[0]))) File.Delete(file);
    }

    /// <summary>The packages of a repository.</summary>
    public static IEnumerable<StatedPackage> In(AbsolutePath repository) => PackageFormats.All
        .SelectMany(x => Files(repository, $"*.{x.Name}"), (x, file) => Stated(repository, file, x));

    static IEnumerable<AbsolutePath> Files(AbsolutePath repository, string pattern) => Directory
        .GetFiles(repository, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(x => (AbsolutePath)x);

    static StatedPackage Stated(AbsolutePath repository, AbsolutePath file, IPackageFormat format)
    {
        var digest = Digest.OfFile(file);
        return new StatedPackage(file, format, Types.ToDictionary(x => x, x => In(repository, NameOf(digest, x)))
            .Where(x => File.Exists(x.Value)).ToDictionary());
    }

    static string HexOf(string digest) => digest["sha256:".Length..];

    static AbsolutePath In(AbsolutePath repository, string name) =>
        repository / "attestations" / "sha256" / (name + Suffix);
}
