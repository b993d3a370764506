using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>Files that are either whole or not there: written beside their place and renamed.</summary>
public static class AtomicFile
{
    /// <summary>What the names of half-written files end in.</summary>
    internal const string Suffix = ".tmp";

    /// <summary>Writes UTF-8 without byte order mark.</summary>
    public static void WriteText(AbsolutePath file, string text) => Write(file, x => File.WriteAllText(x, text));

    /// <summary>
    /// Lets <paramref name="write"/> make a sibling of <paramref name="file"/> and renames it over it.
    /// </summary>
    public static void Write(AbsolutePath file, Action<AbsolutePath> write) => WriteAsync(file, x =>
    {
        write(x);
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <summary>The same, for what takes a while.</summary>
    public static async Task WriteAsync(AbsolutePath file, Func<AbsolutePath, Task> write)
    {
        Directory.CreateDirectory(file.Parent!);
        AbsolutePath aside = $"{file}.{Environment.ProcessId}-{Guid.NewGuid():N}{Suffix}";
        try
        {
            await write(aside);
            File.Move(aside, file, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
