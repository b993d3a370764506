using System.Text;
using System.Text.RegularExpressions;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>Reads the Python distributions of an image: <c>*.dist-info</c>, <c>*.egg-info</c> directories and files.</summary>
static partial class PythonDistributions
{
    /// <summary>The files that this needs the content of.</summary>
    public static bool Keeps(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name switch
        {
            "METADATA" or "RECORD" or "INSTALLER" => path.Contains(".dist-info/", StringComparison.Ordinal),
            "PKG-INFO" or "requires.txt" or "installed-files.txt" => path.Contains(".egg-info/", StringComparison.Ordinal),
            _ => name.EndsWith(".egg-info", StringComparison.Ordinal),
        };
    }

    public static IReadOnlyList<PythonDistribution> In(ImageTree tree) =>
        [.. tree.Files().Select(x => (x.Path, x.File, Match: MetadataFile().Match(x.Path))).Where(x => x.Match.Success).Select(x => Distribution(tree, x.Path, x.File, x.Match))];

    static PythonDistribution Distribution(ImageTree tree, string path, ImageFile file, Match match)
    {
        var (site, directory) = (match.Groups["site"].Value, match.Groups["directory"].Value);
        string? TextOf(string name) => tree.Find($"{site}/{directory}/{name}") is { Content: { } content } ? Encoding.UTF8.GetString(content) : null;
        var metadata = CoreMetadata.Parse(Encoding.UTF8.GetString(file.Content ?? []));
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
            file,
            TextOf("RECORD") is { } record ? [.. RecordLine().Matches(record).Select(x => $"{site}/{x.Groups["path"].Value.Replace("\"\"", "\"", StringComparison.Ordinal)}")]
                : TextOf("installed-files.txt") is { } files ? [.. files.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => $"{site}/{directory}/{x.Trim()}")]
                : [path],
            TextOf("INSTALLER")?.Trim());
    }

    [GeneratedRegex(@"^(?<site>.+)/(?<directory>[^/]+(\.dist-info(?=/METADATA\z)|\.egg-info(?=(/PKG-INFO)?\z)))")]
    private static partial Regex MetadataFile();

    /// <summary>CSV: a path, perhaps quoted, before the first comma.</summary>
    [GeneratedRegex("""^(?:"(?<path>(?:[^"\r\n]|"")+)"|(?<path>[^",\r\n]+)),""", RegexOptions.Multiline)]
    private static partial Regex RecordLine();
}
