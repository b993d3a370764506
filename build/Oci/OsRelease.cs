using System.Text;

namespace OpenStack.Oci;

/// <summary>What an image says that its operating system is: os-release(5).</summary>
/// <param name="Fields">As in the file, without quotes.</param>
/// <param name="File">The file.</param>
/// <param name="Path">Where it was found.</param>
public sealed record OsRelease(IReadOnlyDictionary<string, string> Fields, ImageFile File, string Path)
{
    static readonly string[] s_paths = ["etc/os-release", "usr/lib/os-release"];

    public string? Codename => Fields.GetValueOrDefault("VERSION_CODENAME");

    public static bool IsPath(string path) => s_paths.Contains(path);

    /// <summary>Null where the image says nothing.</summary>
    /// <param name="tree">Read with the content of the files that <see cref="IsPath"/> names.</param>
    public static OsRelease? Of(ImageTree tree)
    {
        foreach (var path in s_paths)
        {
            if (tree.Find(path) is { Content: { } content } file) return new OsRelease(Parse(Encoding.UTF8.GetString(content)), file, path);
        }

        return null;
    }

    static Dictionary<string, string> Parse(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Select(x => x.Trim()))
        {
            if (!line.StartsWith('#') && line.Split('=', 2) is [var name, var value]) fields[name] = value.Trim('"', '\'');
        }

        return fields;
    }
}
