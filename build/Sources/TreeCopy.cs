using Nuke.Common.IO;

namespace OpenStack.Sources;

/// <summary>Copies of source trees whose modes are those that git knows, whatever the umask of the user.</summary>
static class TreeCopy
{
    const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    static readonly EnumerationOptions s_all = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <summary>Copies files, directories and symbolic links, but no .git.</summary>
    public static void Copy(AbsolutePath from, AbsolutePath to)
    {
        var entries = new DirectoryInfo(from).GetFileSystemInfos("*", s_all)
            .Select(x => (Entry: x, Name: Path.GetRelativePath(from, x.FullName)))
            .Where(x => x.Name != ".git" && !x.Name.StartsWith(".git" + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .ToList();
        MakeDirectory(to);
        foreach (var (entry, name) in entries.Where(x => IsDirectory(x.Entry)).OrderBy(x => x.Name, StringComparer.Ordinal)) MakeDirectory(to / name);
        Parallel.ForEach(entries.Where(x => !IsDirectory(x.Entry)), x =>
        {
            if (x.Entry.LinkTarget is { } target)
            {
                File.CreateSymbolicLink(to / x.Name, target);
                return;
            }

            File.Copy(x.Entry.FullName, to / x.Name);
            NormalizeMode(to / x.Name);
        });
    }

    public static void NormalizeModes(AbsolutePath directory)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", s_all))
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
