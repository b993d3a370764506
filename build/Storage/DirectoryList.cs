using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>A file in the list of a directory.</summary>
/// <param name="Name">Relative path, with <c>/</c> in it.</param>
/// <param name="Kind"><c>file</c>, <c>exec</c> or <c>link</c>.</param>
/// <param name="Content">Digest of the file; of a link its target.</param>
public sealed record ListedFile(string Name, string Kind, string Content)
{
    public bool IsLink => Kind == DirectoryList.Link;
}

/// <summary>
/// What a directory holds, as text: a line for each file, with its digest. The digest of the text is that of the
/// directory (<see cref="Digest.OfDirectory"/>), so that whoever has the text and the files has the directory.
/// </summary>
public static class DirectoryList
{
    internal const string Link = "link";
    const string Executable = "exec";
    const string Plain = "file";

    /// <param name="except">Files directly in it that do not count.</param>
    public static string Of(AbsolutePath directory, params IReadOnlyList<string> except)
    {
        var lines = new List<string>();
        foreach (var (name, entry) in FileTree.Entries(directory))
        {
            if (except.Contains(name)) continue;
            if (entry.LinkTarget is { } target) lines.Add($"{name}\0{Link}\0{target}");
            else if (entry is FileInfo)
                lines.Add($"{name}\0{(IsExecutable(entry) ? Executable : Plain)}"
                    + $"\0{Digest.OfFile((AbsolutePath)entry.FullName)}");
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    /// <summary>Whether a text is such a list and no JSON, say: nothing else has a NUL in it.</summary>
    public static bool Is(ReadOnlySpan<byte> content) => content.Contains((byte)0);

    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyList<ListedFile> Parse(string text) =>
    [
        .. text.Split('\n').Select(x => x.Split('\0') is [var name, var kind, var content]
            && kind is Link or Executable or Plain
            ? new ListedFile(name, kind, content)
            : throw new FormatException($"'{x.Replace('\0', ' ')}' is no line of a list of files")),
    ];

    /// <summary>Makes the directory that a list is of.</summary>
    /// <param name="open">Where the content of a digest is.</param>
    public static void Make(IEnumerable<ListedFile> files, Func<string, AbsolutePath> open, AbsolutePath directory)
    {
        foreach (var file in files)
        {
            // No way leads out of it.
            AbsolutePath path = Path.GetFullPath(file.Name, directory);
            if (!path.ToString().StartsWith($"{directory}{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                throw new FormatException($"'{file.Name}' lies outside of the directory");
            Directory.CreateDirectory(path.Parent!);
            if (file.IsLink)
            {
                File.CreateSymbolicLink(path, file.Content);
                continue;
            }

            File.Copy(open(file.Content), path);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, file.Kind == Executable ? ReadableAndExecutable : Readable);
        }
    }

    const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    const UnixFileMode ReadableAndExecutable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    static bool IsExecutable(FileSystemInfo entry) =>
        !OperatingSystem.IsWindows() && entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
}
