using System.IO.Enumeration;
using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>Everything below a directory.</summary>
public static class FileTree
{
    static readonly EnumerationOptions s_all = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <summary>
    /// Files, directories and symbolic links, hidden ones too, in no order, with their paths relative to
    /// <paramref name="directory"/> and <c>/</c> in them. Links are entries and never followed, which .NET's own
    /// enumeration does.
    /// </summary>
    public static IEnumerable<(string Name, FileSystemInfo Entry)> Entries(AbsolutePath directory) =>
        new FileSystemEnumerable<(string, FileSystemInfo)>(
            directory,
            (ref FileSystemEntry x) => (Path.GetRelativePath(directory, x.ToFullPath())
                .Replace(Path.DirectorySeparatorChar, '/'), x.ToFileSystemInfo()),
            s_all)
        {
            ShouldRecursePredicate = (ref FileSystemEntry x) => (x.Attributes & FileAttributes.ReparsePoint) == 0,
        };
}
