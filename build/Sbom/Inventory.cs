using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>What an image of one platform is made of.</summary>
/// <param name="Manifest">The image.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Tree">Its files, with their digests.</param>
/// <param name="System">Its operating system; null where it says none.</param>
/// <param name="Packages">Of dpkg.</param>
/// <param name="Distributions">Of Python, but for those that are part of a system package.</param>
/// <param name="Packaged">Those, by the <see cref="SystemPackage.Id"/> of the package.</param>
/// <param name="Libraries">
/// Native libraries that distributions bring; by null those beside distributions that nobody claims.
/// </param>
/// <param name="Embedded">SBOMs that distributions bring.</param>
/// <param name="GoPrograms">Programs that Go has built.</param>
sealed record Inventory(
    OciManifest Manifest,
    OciConfig Config,
    ImageTree Tree,
    OsRelease? System,
    IReadOnlyList<SystemPackage> Packages,
    IReadOnlyList<PythonDistribution> Distributions,
    ILookup<string, PythonDistribution> Packaged,
    ILookup<PythonDistribution?, NativeLibrary> Libraries,
    ILookup<PythonDistribution, EmbeddedSbom> Embedded,
    IReadOnlyList<GoProgram> GoPrograms)
{
    /// <summary>Reads an image, each layer once.</summary>
    /// <exception cref="ProblemException">A layer is missing or cannot be read.</exception>
    public static Inventory Read(OciLayout layout, OciManifest manifest)
    {
        var tree = ImageTree.Read(layout, manifest, Keeps, digests: true,
            x => NativeLibraries.SearchIn(x) ?? Sbom.GoPrograms.SearchIn(x));
        var files = tree.Files().ToList();
        var packages = SystemPackages.In(tree);
        // A distribution is the package's that brought its metadata.
        var owners = packages
            .SelectMany(x => x.Files.Where(PythonDistributions.Keeps), (x, y) => (x.Id, File: ImageTree.Normalize(y)))
            .DistinctBy(x => x.File).ToDictionary(x => x.File, x => x.Id, StringComparer.Ordinal);
        var distributions = PythonDistributions.In(tree, files);
        return new Inventory(
            manifest,
            layout.ReadConfig(manifest),
            tree,
            OsRelease.Of(tree),
            packages,
            [.. distributions.Where(x => !owners.ContainsKey(x.Path))],
            distributions.Where(x => owners.ContainsKey(x.Path)).ToLookup(x => owners[x.Path]),
            NativeLibraries.In(files, distributions),
            EmbeddedSbom.In(files, distributions),
            Sbom.GoPrograms.In(files));
    }

    static bool Keeps(string path) => OsRelease.IsPath(path) || SystemPackages.Keeps(path)
        || PythonDistributions.Keeps(path) || PythonInterpreter.Keeps(path) || EmbeddedSbom.Keeps(path);
}
