using Nuke.Common.Execution;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Pipeline;

/// <summary>
/// Several runs at once, each with a log of its own. NUKE empties <c>build.log</c> when it starts, and fails where
/// another run has it open. So a run first takes away the name of the one that is there, whose run goes on writing to
/// it, and keeps others from the same until NUKE has made its own.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class OwnLogAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    static FileLock? s_starting;

    /// <summary>Before all others: NUKE has opened its log by then.</summary>
    public override float Priority => 1000;

    /// <summary>For the constructor of the build, which is the last thing before NUKE opens its log.</summary>
    /// <param name="directory">Where NUKE has its logs: <c>.nuke/temp</c>.</param>
    public static void MakeWay(AbsolutePath directory)
    {
        s_starting = FileLock.AcquireAsync(directory / "build.log.lock").GetAwaiter().GetResult();
        try
        {
            File.Delete(directory / "build.log");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows does not let go of a file that is open: NUKE says so itself.
        }
    }

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        s_starting?.Dispose();
        s_starting = null;
    }
}
