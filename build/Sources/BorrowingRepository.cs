using Nuke.Common.IO;

namespace OpenStack.Sources;

/// <summary>
/// A bare repository that borrows the objects of others: whatever is done to it, those are not written to.
/// </summary>
static class BorrowingRepository
{
    /// <param name="directory">Becomes the git directory; need not exist.</param>
    /// <param name="head">Text of <c>HEAD</c>: a commit, or <c>ref: …</c>.</param>
    /// <param name="lenders">Git directories of the repositories that the objects are in.</param>
    public static void Make(AbsolutePath directory, string head, params IReadOnlyList<AbsolutePath> lenders)
    {
        foreach (var name in (string[])["objects/info", "refs"]) Directory.CreateDirectory(directory / name);
        File.WriteAllText(directory / "HEAD", $"{head}\n");
        File.WriteAllText(directory / "config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
        File.WriteAllText(directory / "objects" / "info" / "alternates",
            string.Concat(lenders.Select(x => $"{x / "objects"}\n")));
    }
}
