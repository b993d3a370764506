using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>
/// Reads the Python distributions of an image in all forms that <c>importlib.metadata</c> lists: <c>*.dist-info</c> and
/// <c>*.egg-info</c> directories, <c>*.egg-info</c> files, <c>*.egg</c> directories and archives.
/// </summary>
static partial class PythonDistributions
{
    /// <summary>The files that this needs the content of.</summary>
    public static bool Keeps(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name switch
        {
            "METADATA" or "RECORD" or "INSTALLER" or "WHEEL" => path.Contains(".dist-info/", StringComparison.Ordinal),
            "PKG-INFO" or "requires.txt" or "installed-files.txt" => path.Contains("-info/", StringComparison.OrdinalIgnoreCase),
            _ => name.EndsWith(".egg-info", StringComparison.Ordinal) || name.EndsWith(".egg", StringComparison.Ordinal) || PythonPaths.Keeps(path),
        };
    }

    /// <param name="files">All files of the image, in the order of its tree.</param>
    public static IReadOnlyList<PythonDistribution> In(ImageTree tree, IReadOnlyList<(string Path, ImageFile File)> files)
    {
        var paths = PythonPaths.In(files);
        return [.. files.Select(x => (x.Path, x.File, Match: MetadataFile().Match(x.Path))).Where(x => x.Match.Success)
            .GroupBy(x => x.Match.Value, StringComparer.Ordinal)
            // Without its metadata a distribution is still there: its directory names it.
            .Select(x => x.OrderBy(y => Rank(y.Match.Groups["file"].Value)).First())
            .Select(x => Distribution(tree, files, paths, x.Path, x.File, x.Match))];
    }

    static int Rank(string name) => name switch { "METADATA" => 0, "PKG-INFO" => 1, _ => 2 };

    static PythonDistribution Distribution(
        ImageTree tree, IReadOnlyList<(string Path, ImageFile File)> files, PythonPaths paths, string path, ImageFile file, Match match)
    {
        var (site, directory, inner) = (match.Groups["site"].Value, match.Groups["directory"].Value, match.Groups["inner"].Value);
        var archive = EggArchive(directory, inner, file);
        string? TextOf(string name) => archive is not null ? archive.GetValueOrDefault(name)
            : tree.Find($"{match.Value}/{name}") is { Content: { } content } ? Encoding.UTF8.GetString(content) : null;
        var metadata = CoreMetadata.Parse(archive?.GetValueOrDefault("PKG-INFO")
            ?? (archive is null && Rank(match.Groups["file"].Value) < 2 || inner.Length == 0 && directory.EndsWith(".egg-info", StringComparison.Ordinal)
                ? Encoding.UTF8.GetString(file.Content ?? []) : ""));
        if (TextOf("requires.txt") is { } requires && !metadata.Requirements.Any())
        {
            foreach (var requirement in RequiresTxt.Parse(requires).Requirements) metadata.Add("Requires-Dist", requirement);
        }

        // What the name of the directory says holds where the metadata is broken.
        var named = directory[..directory.LastIndexOf('.')].Split('-');
        return new PythonDistribution(
            metadata.Name.Trim() is { Length: > 0 } name ? name : named[0],
            metadata.Version.Trim() is { Length: > 0 } version ? version : named.ElementAtOrDefault(1) ?? "",
            metadata,
            path,
            site,
            paths.EnvironmentOf(site, directory),
            file,
            TextOf("RECORD") is { } record ? [.. RecordLine().Matches(record).Select(x => At(site, x.Groups["path"].Value.Replace("\"\"", "\"", StringComparison.Ordinal)))]
                : TextOf("installed-files.txt") is { } installed ? [.. installed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => At(match.Value, x.Trim()))]
                : inner.Length > 0 ? [.. files.Where(x => x.Path.StartsWith($"{site}/{directory}/", StringComparison.Ordinal)).Select(x => x.Path)]
                : [path],
            TextOf("INSTALLER")?.Trim(),
            TextOf("WHEEL") is { } wheel && CoreMetadata.Parse(wheel).All("Root-Is-Purelib").Any(x => x.Trim().Equals("false", StringComparison.OrdinalIgnoreCase)));
    }

    static string At(string directory, string path) => ImageTree.Normalize(path.StartsWith('/') ? path : $"{directory}/{path}");

    /// <summary>The metadata of an egg that is an archive; null where it is none, empty where it cannot be read.</summary>
    static Dictionary<string, string>? EggArchive(string directory, string inner, ImageFile file)
    {
        if (inner.Length > 0 || !directory.EndsWith(".egg", StringComparison.Ordinal)) return null;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file.Content ?? []));
            foreach (var name in (string[])["PKG-INFO", "requires.txt"])
            {
                if (archive.GetEntry($"EGG-INFO/{name}") is not { } entry) continue;
                using var reader = new StreamReader(entry.Open());
                texts[name] = reader.ReadToEnd();
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            // Its name says what it is, as that of a directory does.
        }

        return texts;
    }

    /// <summary>The value is the directory of the metadata, or the one file that it is.</summary>
    [GeneratedRegex(@"^(?<site>.+)/(?:(?<directory>[^/]+\.dist-info)(?=/(?<file>METADATA|PKG-INFO|RECORD|WHEEL|INSTALLER)\z)|(?<directory>[^/]+\.egg-info)(?=(?:/(?<file>PKG-INFO))?\z)|(?<directory>[^/]+\.egg)(?:(?<inner>/EGG-INFO)(?=/(?<file>PKG-INFO)\z)|\z))")]
    private static partial Regex MetadataFile();

    /// <summary>CSV: a path, perhaps quoted, before the first comma.</summary>
    [GeneratedRegex("""^(?:"(?<path>(?:[^"\r\n]|"")+)"|(?<path>[^",\r\n]+)),""", RegexOptions.Multiline)]
    private static partial Regex RecordLine();
}
