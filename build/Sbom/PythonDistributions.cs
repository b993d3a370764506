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
sealed partial class PythonDistributions
{
    readonly ImageTree _tree;
    readonly IReadOnlyList<(string Path, ImageFile File)> _files;
    readonly PythonPaths _paths;

    PythonDistributions(ImageTree tree, IReadOnlyList<(string Path, ImageFile File)> files) =>
        (_tree, _files, _paths) = (tree, files, PythonPaths.In(files));

    /// <summary>The files that this needs the content of.</summary>
    public static bool Keeps(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name switch
        {
            "METADATA" or "RECORD" or "INSTALLER" or "WHEEL" => path.Contains(".dist-info/", StringComparison.Ordinal),
            "PKG-INFO" or "requires.txt" or "installed-files.txt" =>
                path.Contains("-info/", StringComparison.OrdinalIgnoreCase),
            _ => name.EndsWith(".egg-info", StringComparison.Ordinal) || name.EndsWith(".egg", StringComparison.Ordinal)
                || PythonPaths.Keeps(path),
        };
    }

    /// <param name="files">All files of the image, in the order of its tree.</param>
    public static IReadOnlyList<PythonDistribution> In(
        ImageTree tree, IReadOnlyList<(string Path, ImageFile File)> files)
    {
        var reader = new PythonDistributions(tree, files);
        return [.. files.Select(x => (x.Path, x.File, Match: Place().Match(x.Path))).Where(x => x.Match.Success)
            .GroupBy(x => x.Match.Value, StringComparer.Ordinal)
            // Without its metadata a distribution is still there: its directory names it.
            .Select(x => x.OrderBy(y => Rank(y.Match)).First())
            .Select(x => reader.Read(x.Path, x.File, x.Match))];
    }

    /// <summary>Which file of a directory is its metadata: the lowest; from 2 on none.</summary>
    static int Rank(Match place) =>
        place.Groups["file"].Value switch { "METADATA" or "" => 0, "PKG-INFO" => 1, _ => 2 };

    PythonDistribution Read(string path, ImageFile file, Match place)
    {
        var (site, directory) = (place.Groups["site"].Value, place.Groups["directory"].Value);
        var isArchive = directory.EndsWith(".egg", StringComparison.Ordinal) && !place.Groups["file"].Success;
        string? unread = null;
        var archive = isArchive ? TextsIn(file, out unread) : null;
        string? TextOf(string name) => archive is not null ? archive.GetValueOrDefault(name)
            : _tree.Find($"{place.Value}/{name}") is { Content: { } content } ? Encoding.UTF8.GetString(content) : null;
        var metadata = CoreMetadata.Parse(isArchive ? TextOf("PKG-INFO") ?? ""
            : Rank(place) < 2 ? Encoding.UTF8.GetString(file.Content ?? []) : "");
        if (TextOf("requires.txt") is { } requires && !metadata.Requirements.Any())
        {
            foreach (var requirement in RequiresTxt.Parse(requires).Requirements)
                metadata.Add("Requires-Dist", requirement);
        }

        // What the name of the directory says holds where the metadata is broken.
        var named = directory[..directory.LastIndexOf('.')].Split('-');
        return new PythonDistribution(
            metadata.Name.Trim() is { Length: > 0 } name ? name : named[0],
            metadata.Version.Trim() is { Length: > 0 } version ? version : named.ElementAtOrDefault(1) ?? "",
            metadata,
            path,
            site,
            _paths.EnvironmentOf(site, directory),
            file,
            FilesOf(path, place, TextOf("RECORD"), TextOf("installed-files.txt")),
            TextOf("INSTALLER")?.Trim(),
            TextOf("WHEEL") is { } wheel && CoreMetadata.Parse(wheel).All("Root-Is-Purelib").Any(IsFalse),
            unread ?? (Rank(place) > 1 ? "there is none" : metadata.Name.Trim().Length == 0 ? "it has no name" : null));
    }

    /// <summary>
    /// As the distribution records them; of an egg what is in its directory; else the metadata alone.
    /// </summary>
    List<string> FilesOf(string path, Match place, string? record, string? installed)
    {
        var site = place.Groups["site"].Value;
        if (record is not null) return [.. RecordFile.Paths(record).Select(x => At(site, x))];
        if (installed is not null)
        {
            return [.. installed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => At(place.Value, x.Trim()))];
        }

        if (!place.Groups["inner"].Success) return [path];
        var egg = place.Value[..^"EGG-INFO".Length];
        return [.. _files.Select(x => x.Path).Where(x => x.StartsWith(egg, StringComparison.Ordinal))];
    }

    static string At(string directory, string path) =>
        ImageTree.Normalize(path.StartsWith('/') ? path : $"{directory}/{path}");

    static bool IsFalse(string text) => text.Trim().Equals("false", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The metadata of an egg that is an archive; empty where it cannot be read: then its name says what it is.
    /// </summary>
    static Dictionary<string, string> TextsIn(ImageFile file, out string? unread)
    {
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
            unread = "the archive is damaged";
            return texts;
        }

        unread = texts.ContainsKey("PKG-INFO") ? null : "there is none in the archive";
        return texts;
    }

    /// <summary>The value is the directory of the metadata, or the one file that it is.</summary>
    [GeneratedRegex(
        @"^(?<site>.+)/(?:(?<directory>[^/]+\.dist-info)(?=/(?<file>METADATA|PKG-INFO|RECORD|WHEEL|INSTALLER)\z)" +
        @"|(?<directory>[^/]+\.egg-info)(?=(?:/(?<file>PKG-INFO))?\z)" +
        @"|(?<directory>[^/]+\.egg)(?:(?<inner>/EGG-INFO)(?=/(?<file>PKG-INFO)\z)|\z))")]
    private static partial Regex Place();
}
