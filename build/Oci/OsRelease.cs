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

    /// <summary>
    /// What tells its releases apart: its version; where it has none yet, as Debian's testing, its code name; of a
    /// rolling release the build; null where it says none of them.
    /// </summary>
    public string? Release => new[] { "VERSION_ID", "VERSION_CODENAME", "BUILD_ID" }
        .Select(x => Fields.GetValueOrDefault(x)).FirstOrDefault(x => !string.IsNullOrEmpty(x));

    public static bool IsPath(string path) => s_paths.Contains(path);

    /// <summary>Null where the image says nothing.</summary>
    /// <param name="tree">Read with the content of the files that <see cref="IsPath"/> names.</param>
    public static OsRelease? Of(ImageTree tree)
    {
        foreach (var path in s_paths)
        {
            if (tree.Find(path) is { Content: { } content } file)
                return new OsRelease(OsReleaseText.Parse(Encoding.UTF8.GetString(content)), file, path);
        }

        return null;
    }
}
