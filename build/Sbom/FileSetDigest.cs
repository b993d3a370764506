using System.Text;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Sbom;

/// <summary>
/// One digest for the files that a package has in an image. No archive of the package is there to be hashed, and dpkg
/// keeps no more than MD5: this is the SHA-256 of what <c>sha256sum</c> prints for the files, sorted by path.
/// </summary>
static class FileSetDigest
{
    /// <summary>What the digest is of, for the reader of an SBOM.</summary>
    public const string Description = "sha256sum of all its regular files in the image, sorted by path";

    /// <summary>64 hexadecimal digits; null where none of the files is there.</summary>
    /// <param name="tree">With the digests of all files.</param>
    /// <param name="files">Paths; those that are directories, links or not there do not count.</param>
    public static string? Of(ImageTree tree, IEnumerable<string> files)
    {
        var lines = new StringBuilder();
        foreach (var path in files.Select(ImageTree.Normalize)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal))
        {
            if (tree.FindItself(path) is { Digest: { } digest })
                lines.Append(Convert.ToHexStringLower(digest)).Append("  /").Append(path).Append('\n');
        }

        return lines.Length == 0 ? null : Digest.OfText(lines.ToString())["sha256:".Length..];
    }
}
