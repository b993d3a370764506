namespace Nuke.Common.IO;

/// <summary>Combines, normalises and compares paths of Unix (<c>/x</c>), Windows (<c>C:\x</c>) and network shares (<c>\\x</c>).</summary>
public static class PathConstruction
{
    const char Slash = '/';
    const char Backslash = '\\';
    static readonly char[] Separators = [Backslash, Slash];

    public static bool HasPathRoot(string path) => GetPathRoot(path) is not null;

    /// <summary>Null without one.</summary>
    public static string GetPathRoot(string path)
    {
        if (path is null or "")
            return null;
        if (path[0] == Slash)
            return "/";
        if (HasWindowsRoot(path))
            return path[..2];
        if (!path.StartsWith(@"\\", StringComparison.Ordinal) || path.Length < 3 || !char.IsLetterOrDigit(path[2]))
            return null;
        var end = path.IndexOf(Backslash, 2);
        return end < 0 ? path : path[..end];
    }

    /// <summary>Without <c>.</c>, <c>..</c> and doubled separators, and with the separators of its root.</summary>
    public static string NormalizePath(string path, char? separator = null)
    {
        path ??= "";
        var root = GetPathRoot(path);
        CheckSeparator(root, separator);
        var parts = new List<string>();
        foreach (var part in path[(root?.Length ?? 0)..].Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part != ".." || parts.Count == 0 || parts[^1] == "..")
                parts.Add(part);
            else
                parts.RemoveAt(parts.Count - 1);
        }

        if (root is not null && parts.Count > 0 && parts[0] == "..")
            throw new ArgumentException($"Cannot normalize '{path}' beyond path root");
        return Combine(root, string.Join(separator ?? SeparatorOf(root), parts), separator);
    }

    /// <exception cref="ArgumentException">The second path is rooted.</exception>
    public static string Combine(string left, string right, char? separator = null)
    {
        left = TrimEnd(left);
        right = TrimEnd(right);
        if (HasPathRoot(right))
            throw new ArgumentException("Second path must not be rooted");
        if (string.IsNullOrWhiteSpace(left))
            return right;
        var root = GetPathRoot(left);
        var isWindowsRoot = HasWindowsRoot(left) && left.Length == 2;
        if (string.IsNullOrWhiteSpace(right))
            return isWindowsRoot ? left + Backslash : left;
        CheckSeparator(root, separator);
        return left == "/" ? left + right : left + (separator ?? SeparatorOf(root)) + right;
    }

    public static string GetRelativePath(string basePath, string destinationPath)
    {
        basePath = NormalizePath(basePath);
        destinationPath = NormalizePath(destinationPath);
        var separator = SeparatorOf(GetPathRoot(basePath));
        Assert.True(separator == SeparatorOf(GetPathRoot(destinationPath)), "Separators do not match");
        Assert.True(!HasWindowsRoot(basePath) || GetPathRoot(basePath) == GetPathRoot(destinationPath), "Root must be same");
        var from = basePath.Split(separator, StringSplitOptions.RemoveEmptyEntries);
        var to = destinationPath.Split(separator, StringSplitOptions.RemoveEmptyEntries);
        var common = from.Zip(to).TakeWhile(x => x.First.Equals(x.Second, StringComparison.OrdinalIgnoreCase)).Count();
        return string.Join(separator, Enumerable.Repeat("..", from.Length - common).Concat(to.Skip(common)));
    }

    public static RelativePath GetRelativePathTo(this AbsolutePath basePath, string destinationPath) =>
        (RelativePath)GetRelativePath(basePath, destinationPath);

    public static UnixRelativePath GetUnixRelativePathTo(this AbsolutePath basePath, string destinationPath) =>
        (UnixRelativePath)GetRelativePath(basePath, destinationPath);

    public static UnixRelativePath ToUnixRelativePath(this RelativePath path) => (UnixRelativePath)(string)path;

    /// <summary>Whether the destination is the base or below it.</summary>
    public static bool Contains(this AbsolutePath basePath, string destinationPath)
    {
        var parts = NormalizePath(basePath).Split(Separators);
        return NormalizePath(destinationPath).Split(Separators).Take(parts.Length).SequenceEqual(parts);
    }

    internal static bool HasWindowsRoot(string path) => path.Length >= 2 && char.IsLetter(path[0]) && path[1] == ':';

    internal static bool IsRoot(string path) => GetPathRoot(path) is { } root && root.Length == path.TrimEnd(Backslash).Length;

    static string TrimEnd(string path) => path is null or "/" ? path : path.TrimEnd(Separators);

    static char SeparatorOf(string root) => root is null ? Path.DirectorySeparatorChar : root[0] == Slash ? Slash : Backslash;

    static void CheckSeparator(string root, char? separator)
    {
        if (root is not null && separator is { } given && given != SeparatorOf(root))
            throw new ArgumentException($"For paths rooted at '{root}' the separator must be '{SeparatorOf(root)}'");
    }
}
