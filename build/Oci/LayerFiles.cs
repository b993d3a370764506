using System.Formats.Tar;
using System.IO.Compression;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>The files of an image, read from its layers without an engine.</summary>
public static class LayerFiles
{
    /// <summary>
    /// All entries of all layers, lowest first: path without <c>/</c> at its start, and the content while the caller looks at it.
    /// A file that a higher layer replaces comes twice; one that it removes comes with a whiteout after it (<c>.wh.name</c>).
    /// </summary>
    /// <exception cref="ProblemException">A layer is packed in a way that this cannot read.</exception>
    public static IEnumerable<(string Path, TarEntry Entry)> Of(OciLayout layout)
    {
        foreach (var digest in layout.ReadManifest().Layers.Select(x => x.Digest))
        {
            using var blob = File.OpenRead(layout.Blob(digest));
            using var content = IsGzip(blob) ? (Stream)new GZipStream(blob, CompressionMode.Decompress) : new BufferedStream(blob, 1 << 16);
            using var tar = new TarReader(content);
            while (Next(tar, digest) is { } entry) yield return (entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name, entry);
        }
    }

    static bool IsGzip(Stream blob)
    {
        var magic = (blob.ReadByte(), blob.ReadByte());
        blob.Position = 0;
        return magic == (0x1f, 0x8b);
    }

    static TarEntry? Next(TarReader tar, string digest)
    {
        try
        {
            return tar.GetNextEntry();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new ProblemException($"The layer {digest} cannot be read: {e.Message}", "Build the image again with --no-cache", e);
        }
    }
}
