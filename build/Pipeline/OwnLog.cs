using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Pipeline;

/// <summary>
/// Several runs at once, each with a log of its own. NUKE empties <c>build.log</c> when it starts, and fails where
/// another run has it open. So a run first takes away the name of the one that is there, whose run goes on writing to
/// it, and keeps others from the same until NUKE has made its own.
/// </summary>
sealed class OwnLog
{
    FileLock? _starting;

    /// <summary>For the constructor of the build, which is the last thing before NUKE opens its log.</summary>
    /// <param name="directory">Where NUKE has its logs: <c>.nuke/temp</c>.</param>
    public OwnLog(AbsolutePath directory)
    {
        _starting = FileLock.AcquireAsync(directory / "build.log.lock").GetAwaiter().GetResult();
        try
        {
            File.Delete(directory / "build.log");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows does not let go of a file that is open: NUKE says so itself.
        }
    }

    /// <summary>NUKE has opened it: other runs may start.</summary>
    public void IsOpen()
    {
        _starting?.Dispose();
        _starting = null;
    }
}
