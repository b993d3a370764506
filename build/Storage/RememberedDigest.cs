using System.Collections.Concurrent;
using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>
/// The digest of a large directory, with the names, sizes and times of its files; as long as they have those, they are
/// not read again in this run. Who makes such a directory remembers it for later runs in <c>DIRECTORY.digest</c>.
/// </summary>
public static class RememberedDigest
{
    static readonly ConcurrentDictionary<string, string> s_ofRun = new(StringComparer.Ordinal);

    /// <summary>The same as <see cref="Digest.OfDirectory"/>, which it falls back to.</summary>
    public static string OfDirectory(AbsolutePath directory) =>
        Recall(directory) ?? s_ofRun.GetOrAdd($"{directory}\n{StateOf(directory)}", _ => Digest.OfDirectory(directory));

    /// <summary>Remembers the digest of a directory that is complete.</summary>
    public static void Remember(AbsolutePath directory)
    {
        if (Recall(directory) is not null) return;
        // The state first: a change while the files are read is then one against what is remembered.
        var state = StateOf(directory);
        AtomicFile.WriteText(MemoryOf(directory), $"{state}\n{Digest.OfDirectory(directory)}\n");
    }

    static string? Recall(AbsolutePath directory) =>
        File.Exists(MemoryOf(directory))
            && File.ReadAllLines(MemoryOf(directory)) is [var state, var digest]
            && state == StateOf(directory)
            ? digest
            : null;

    static AbsolutePath MemoryOf(AbsolutePath directory) => $"{directory}.digest";

    static string StateOf(AbsolutePath directory)
    {
        var lines = FileTree.Entries(directory)
            .Select(x => x.Entry is FileInfo file
                ? $"{x.Name}\0{x.Entry.LinkTarget}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\0{ModeOf(file)}"
                : x.Name)
            .ToList();
        lines.Sort(StringComparer.Ordinal);
        return Digest.OfText(string.Join('\n', lines));
    }

    static UnixFileMode ModeOf(FileInfo file) => OperatingSystem.IsWindows() ? UnixFileMode.None : file.UnixFileMode;
}
