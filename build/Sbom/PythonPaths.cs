using System.Text;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>
/// Where the interpreters of an image look for distributions: <c>site-packages</c> and <c>dist-packages</c>, and what
/// <c>*.pth</c> files in these add (Python documentation, module site).
/// </summary>
/// <param name="added">By directory the one whose <c>*.pth</c> file adds it.</param>
sealed class PythonPaths(IReadOnlyDictionary<string, string> added)
{
    /// <summary>The files that this needs the content of.</summary>
    public static bool Keeps(string path) =>
        path.EndsWith(".pth", StringComparison.Ordinal) && IsSite(DirectoryOf(path));

    public static PythonPaths In(IEnumerable<(string Path, ImageFile File)> files)
    {
        var added = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, file) in files.Where(x => x.File.Content is not null && Keeps(x.Path)))
        {
            var site = DirectoryOf(path);
            var lines = Encoding.UTF8.GetString(file.Content!).Split('\n').Select(x => x.TrimEnd());
            foreach (var line in lines.Where(IsPath))
                added.TryAdd(ImageTree.Normalize(line.StartsWith('/') ? line : $"{site}/{line}"), site);
        }

        return new PythonPaths(added);
    }

    /// <summary>The site whose interpreter finds a distribution; null where none does.</summary>
    /// <param name="site">The directory that it is in.</param>
    /// <param name="directory">That of its metadata, or the egg that it is.</param>
    public string? EnvironmentOf(string site, string directory) =>
        IsSite(site) ? site : added.GetValueOrDefault(site) ?? added.GetValueOrDefault($"{site}/{directory}");

    /// <summary>Other lines are comments, or run.</summary>
    static bool IsPath(string line) => line.Length > 0 && line[0] != '#'
        && !line.StartsWith("import ", StringComparison.Ordinal)
        && !line.StartsWith("import\t", StringComparison.Ordinal);

    static bool IsSite(string directory) =>
        directory.EndsWith("/site-packages", StringComparison.Ordinal)
        || directory.EndsWith("/dist-packages", StringComparison.Ordinal);

    static string DirectoryOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
