using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>
/// The repository as the catalog sees it: sorted, and blind to hidden files, notes and what editors leave behind.
/// </summary>
sealed class Tree(AbsolutePath root)
{
    public AbsolutePath Root => root;

    /// <summary>
    /// Names in a directory of the repository, in ordinal order; none where there is no such directory.
    /// </summary>
    public IReadOnlyList<string> Entries(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(root / directory)
                .Select(x => Path.GetFileName(x))
                .Where(Counts)
                .Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem($"cannot be listed: {e.Message.TrimEnd('.')}", directory), e);
        }
    }

    /// <summary>Like <see cref="Entries"/>, for a place where only directories belong.</summary>
    /// <param name="remedy">What to do about a file, by its name.</param>
    /// <param name="files">Files that belong there all the same.</param>
    public IReadOnlyList<string> Directories(string directory, Func<string, string> remedy, List<Problem> problems,
        params IReadOnlyList<string> files)
    {
        var directories = new List<string>();
        foreach (var entry in Entries(directory).Except(files))
        {
            if (IsDirectory($"{directory}/{entry}")) directories.Add(entry);
            else
                problems.Add(new Problem("a file stands where directories belong", $"{directory}/{entry}",
                    Remedy: remedy(entry)));
        }

        return directories;
    }

    public bool IsDirectory(string path) => Directory.Exists(root / path);

    public bool IsFile(string path) => File.Exists(root / path);

    static bool Counts(string name) =>
        name[0] != '.' && !name.EndsWith('~') && !name.StartsWith("README", StringComparison.Ordinal);
}
