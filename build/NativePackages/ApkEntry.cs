using System.Formats.Tar;
using Nuke.Common.IO;
using OpenStack.Oci;

namespace OpenStack.NativePackages;

/// <summary>A file, a directory or a link of a package.</summary>
/// <param name="Path">On the host, without a slash before or behind it.</param>
/// <param name="Mode">Its permissions.</param>
/// <param name="Link">Where a symbolic link leads.</param>
sealed record ApkEntry(string Path, TarKind Kind, int Mode, string Link = "")
{
    /// <summary>The content of a file, as often as it is asked for.</summary>
    public Func<Stream> Open { get; init; } = () => Stream.Null;

    /// <summary>What a tar archive has, as <c>images/native-package/make-apk</c> writes it, in its order.</summary>
    /// <exception cref="InvalidDataException">It has a device, a pipe or a hard link.</exception>
    public static IEnumerable<ApkEntry> In(AbsolutePath archive)
    {
        using var file = File.OpenRead(archive);
        using var tar = new TarReader(file);
        while (tar.GetNextEntry() is { } entry) yield return Of(entry);
    }

    static ApkEntry Of(TarEntry entry)
    {
        var path = entry.Name.TrimEnd('/');
        var mode = (int)entry.Mode;
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                return new ApkEntry(path, TarKind.Directory, mode);
            case TarEntryType.SymbolicLink:
                return new ApkEntry(path, TarKind.SymbolicLink, mode, entry.LinkName);
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                using (var content = new MemoryStream())
                {
                    entry.DataStream?.CopyTo(content);
                    var bytes = content.ToArray();
                    return new ApkEntry(path, TarKind.File, mode) { Open = () => new MemoryStream(bytes) };
                }

            default:
                throw new InvalidDataException($"{path} is neither file, directory nor link");
        }
    }
}
