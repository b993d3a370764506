using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Storage;

/// <summary>
/// Removes whatever is there: files whose names are not UTF-8, which .NET lists but cannot say, directories that may
/// not be written to, files that others are still adding to it.
/// </summary>
public static class Removal
{
    /// <summary>A program that was killed with its parent may take a moment to end.</summary>
    const int Attempts = 4;

    static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether there is anything of that name, be it a link to nothing.</summary>
    public static bool IsThere(AbsolutePath path) => AttributesOf(path) is not null;

    /// <summary>
    /// Removes a file, a link or a directory with all that is in it; does nothing where there is none.
    /// </summary>
    /// <exception cref="ProblemException">It is still there.</exception>
    public static void Remove(AbsolutePath path) => RemoveAsync(path).GetAwaiter().GetResult();

    /// <inheritdoc cref="Remove"/>
    public static async Task RemoveAsync(AbsolutePath path)
    {
        for (var attempt = 1; IsThere(path); attempt++)
        {
            if (Try(path) is not { } failure) continue;
            var why = OperatingSystem.IsWindows() ? failure.Message : await ByProgramsAsync(path);
            if (!IsThere(path)) return;
            if (attempt == Attempts)
                throw new ProblemException($"{path} cannot be removed: {why.Trim()}",
                "Remove it and run the same command again", failure);
            await Task.Delay(s_wait);
        }
    }

    static Exception? Try(AbsolutePath path)
    {
        try
        {
            if (AttributesOf(path) is { } attributes && attributes.HasFlag(FileAttributes.Directory)
                && !attributes.HasFlag(FileAttributes.ReparsePoint))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    /// <summary>
    /// What removes by name what .NET cannot. Whoever owns a directory may write to it once it says so; what cannot be
    /// changed, the last one tells.
    /// </summary>
    internal static IReadOnlyList<Command> Programs(AbsolutePath path) =>
        [new Command("chmod", "-R", "u+rwx", "--", path), new Command("rm", "-rf", "--", path)];

    /// <returns>What they say of it.</returns>
    static async Task<string> ByProgramsAsync(AbsolutePath path)
    {
        CommandResult? last = null;
        foreach (var program in Programs(path)) last = await program.RunAsync();
        return last!.Tail(1);
    }

    /// <summary>Of the thing itself, not of what a link leads to; null where there is none.</summary>
    static FileAttributes? AttributesOf(AbsolutePath path)
    {
        var attributes = new FileInfo(path).Attributes;
        return (int)attributes == -1 ? null : attributes;
    }
}
