using System.Runtime.CompilerServices;

namespace Nuke.Common.IO;

/// <summary>What can be done with files and directories.</summary>
public static partial class AbsolutePathExtensions
{
    static readonly string[] FileWords = ["file", "executable", "exe", "script", "archive"];
    static readonly string[] DirectoryWords = ["directory", "dir", "folder"];

    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    /// <summary>Whether file or directory is meant, is told by the end of the expression's text.</summary>
    /// <exception cref="ArgumentException">It cannot be told.</exception>
    public static bool Exists(this AbsolutePath path, [CallerArgumentExpression("path")] string expression = null)
    {
        bool EndsWith(string word) => expression.EndsWith(word, StringComparison.OrdinalIgnoreCase);
        if (FileWords.Any(EndsWith))
            return path.FileExists();
        if (DirectoryWords.Any(EndsWith))
            return path.DirectoryExists();
        throw new ArgumentException($"Cannot infer from argument '{expression}' if either file or directory must exist");
    }

    /// <summary>The nearest match on the way up; null without one.</summary>
    public static AbsolutePath FindParentOrSelf(this AbsolutePath path, Func<AbsolutePath, bool> predicate)
    {
        for (var current = path; current is not null; current = current.Parent)
        {
            if (predicate(current))
                return current;
        }

        return null;
    }
}
