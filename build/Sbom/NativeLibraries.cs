using System.Text.RegularExpressions;
using OpenStack.Constraints;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>
/// Finds the native libraries that Python distributions bring: what auditwheel and delvewheel put into
/// <c>&lt;distribution&gt;.libs</c> or <c>.libs</c>, what delocate puts into <c>.dylibs</c>, and files of a
/// distribution that have such a tool's hash or the version of an interface in their name, which an extension
/// module never has.
/// </summary>
static partial class NativeLibraries
{
    const string Packages = "-packages/";

    /// <summary>What is to look into a file: for its version, where that stands in a text.</summary>
    public static IContentSearch? SearchIn(string path) =>
        path.Contains(Packages, StringComparison.Ordinal) && NativeLibrary.Parse(FileName(path)) is { } library
            && IsBundled(path, library.Version) && NativeProduct.Of(library.Name) is { Text: { } text }
            ? new VersionSearch(text) : null;

    /// <param name="files">All files of the image.</param>
    /// <returns>
    /// By the distribution that has it among its files, or whose name its directory bears, sorted by path; by null
    /// where there is none.
    /// </returns>
    public static ILookup<PythonDistribution?, NativeLibrary> In(
        IEnumerable<(string Path, ImageFile File)> files, IReadOnlyList<PythonDistribution> distributions)
    {
        var libraries = files.Where(x => x.Path.Contains(Packages, StringComparison.Ordinal))
            .Select(x => Library(x.Path, x.File)).OfType<NativeLibrary>()
            .OrderBy(x => x.Path, StringComparer.Ordinal).ToList();
        var paths = libraries.Select(x => x.Path).ToHashSet(StringComparer.Ordinal);
        var owners = new Dictionary<string, PythonDistribution>(StringComparer.Ordinal);
        foreach (var distribution in distributions)
        {
            foreach (var file in distribution.Files.Where(paths.Contains)) owners.TryAdd(file, distribution);
        }

        return libraries.ToLookup(x => owners.GetValueOrDefault(x.Path) ?? Named(x.Path, distributions));
    }

    static PythonDistribution? Named(string path, IReadOnlyList<PythonDistribution> distributions) =>
        Bundle().Match(path) is { Success: true } bundle && PythonName.Of(bundle.Groups["name"].Value) is var name
            ? distributions.FirstOrDefault(x => x.Key == name && x.Site == bundle.Groups["site"].Value) : null;

    static NativeLibrary? Library(string path, ImageFile file)
    {
        if (NativeLibrary.Parse(FileName(path)) is not var (name, suffix) || !IsBundled(path, suffix)) return null;
        var product = NativeProduct.Of(name);
        var (version, from) = VersionOf(product, suffix, file);
        return new NativeLibrary(path, file, name, product, version, from);
    }

    /// <summary>Where its texts name several versions, the one that its name has too.</summary>
    static (string? Version, string? From) VersionOf(NativeProduct? product, string? suffix, ImageFile file)
    {
        if (product is { Text: null })
            return suffix?.Count(x => x == '.') >= 2 ? (suffix, "the name of the file") : (null, null);
        if (file.Search is not VersionSearch { Found: { Count: > 0 } found }) return (null, null);
        return found.Count == 1 ? (found.First(), "a text in the file")
            : suffix is not null && found.Contains(suffix) ? (suffix, "a text in the file, and its name")
            : (null, null);
    }

    static bool IsBundled(string path, string? suffix) => suffix is not null || Bundled().IsMatch(path);

    static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>By its directory, or by the hash in its name.</summary>
    [GeneratedRegex(@"(?:\.libs|/\.dylibs)/[^/]+\z|-[0-9a-f]{8,64}\.(?:so|dll)\z")]
    private static partial Regex Bundled();

    [GeneratedRegex(@"^(?<site>.+)/(?<name>[^/]+)\.libs/[^/]+\z")]
    private static partial Regex Bundle();
}
