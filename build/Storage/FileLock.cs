using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>
/// A lock between processes on one machine; it ends with the process that holds it, however that ends.
/// </summary>
public sealed class FileLock : IDisposable
{
    /// <summary>
    /// What a lock that another holds is told by: <c>EWOULDBLOCK</c> of Linux and macOS, Windows'
    /// <c>ERROR_SHARING_VIOLATION</c>.
    /// </summary>
    static readonly int[] s_held = [11, 35, unchecked((int)0x80070020)];

    readonly FileStream _stream;

    FileLock(FileStream stream) => _stream = stream;

    /// <summary>
    /// Waits until <paramref name="file"/> is ours; <paramref name="onWait"/> is called once if another holds it, and
    /// what it gives is disposed of when the wait is over.
    /// </summary>
    public static async Task<FileLock> AcquireAsync(AbsolutePath file, Func<IDisposable>? onWait = null,
        CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(file.Parent!);
        if (TryAcquire(file) is { } free) return free;
        using var waiting = onWait?.Invoke();
        while (true)
        {
            await Task.Delay(50, cancellation);
            if (TryAcquire(file) is { } acquired) return acquired;
        }
    }

    /// <summary>The lock, or null when another process or thread holds it.</summary>
    public static FileLock? TryAcquire(AbsolutePath file)
    {
        try
        {
            return new FileLock(Open(file));
        }
        catch (IOException e) when (s_held.Contains(e.HResult))
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Whatever stands in the place of the file must not keep every run from it for ever.</summary>
    static FileStream Open(AbsolutePath file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(file))
        {
            // Nobody can hold a directory.
            Removal.Remove(file);
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException) when (File.Exists(file))
        {
            MakeWritable(file);
            // Another user's is locked all the same: it is not written to.
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None);
        }
    }

    static void MakeWritable(AbsolutePath file)
    {
        try
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file,
                UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (UnauthorizedAccessException)
        {
            // It is not ours.
        }
    }
}
