using System.Text;
using Nuke.Common.IO;

namespace OpenStack.Sources;

/// <summary>A file as git has it in a tree.</summary>
/// <param name="Name">Path below the tree, with <c>/</c>.</param>
/// <param name="Mode">As git writes it: 100644, 100755, or 120000 for a symbolic link.</param>
/// <param name="Id">
/// Object id of its bytes as they are on disk, whatever <c>.gitattributes</c> would make of them.
/// </param>
public sealed record TreeFile(string Name, string Mode, string Id)
{
    /// <summary>Null where there is no file or link of that name.</summary>
    public static TreeFile? Read(AbsolutePath directory, string name)
    {
        var file = new FileInfo(directory / name);
        if (file.LinkTarget is { } target)
            return new TreeFile(name, "120000", BlobId.Of(Encoding.UTF8.GetBytes(target)));
        return file.Exists
            ? new TreeFile(name, TreeCopy.IsExecutable(file.FullName) ? "100755" : "100644",
                BlobId.Of(File.ReadAllBytes(file.FullName)))
            : null;
    }
}
