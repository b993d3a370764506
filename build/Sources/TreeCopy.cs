using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>Copies of source trees whose modes are those that git knows, whatever the umask of the user.</summary>
static class TreeCopy
{
    const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;
    const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    /// <summary>Copies files, directories and symbolic links, but no .git.</summary>
    public static async Task CopyAsync(AbsolutePath from, AbsolutePath to, CancellationToken cancellation = default)
    {
        var entries = FileTree.Entries(from)
            .Where(x => x.Name != ".git" && !x.Name.StartsWith(".git/", StringComparison.Ordinal))
            .ToList();
        MakeDirectory(to);
        foreach (var (name, _) in entries.Where(x => IsDirectory(x.Entry)).OrderBy(x => x.Name, StringComparer.Ordinal))
            MakeDirectory(to / name);
        await Parallel.ForEachAsync(entries.Where(x => !IsDirectory(x.Entry)), cancellation, (x, _) =>
        {
            CopyFile(x.Entry.FullName, to / x.Name);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>
    /// Copies a file or a symbolic link as it is, into a directory that is made where it is not there.
    /// </summary>
    public static void CopyFile(AbsolutePath from, AbsolutePath to)
    {
        if (!Directory.Exists(to.Parent)) MakeDirectory(to.Parent!);
        if (new FileInfo(from).LinkTarget is { } target)
        {
            File.CreateSymbolicLink(to, target);
            return;
        }

        File.Copy(from, to);
        NormalizeMode(to);
    }

    public static void NormalizeModes(AbsolutePath directory)
    {
        foreach (var (_, entry) in FileTree.Entries(directory))
        {
            if (entry is DirectoryInfo) MakeDirectory(entry.FullName);
            else NormalizeMode(entry.FullName);
        }
    }

    public static bool IsExecutable(string file) =>
        !OperatingSystem.IsWindows() && File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);

    static bool IsDirectory(FileSystemInfo entry) => entry is DirectoryInfo && entry.LinkTarget is null;

    static void MakeDirectory(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, Executable);
    }

    static void NormalizeMode(string file)
    {
        if (OperatingSystem.IsWindows()) return;
        var (mode, wanted) = (File.GetUnixFileMode(file), IsExecutable(file) ? Executable : Plain);
        if (mode != wanted) File.SetUnixFileMode(file, wanted);
    }
}
