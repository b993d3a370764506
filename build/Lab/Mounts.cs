using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>
/// Mounts below a directory (overlays of containers, network namespaces), which would keep it from being deleted.
/// </summary>
static class Mounts
{
    /// <summary>Detaches all of them, the deepest first.</summary>
    public static async Task DetachAsync(AbsolutePath root)
    {
        var points = PointsBelow(File.ReadAllText("/proc/self/mountinfo"), root);
        if (points.Count > 0) await new Command("umount", ["--lazy", "--", .. points]).RunAsync();
    }

    /// <summary>
    /// Mount points in <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)) at or below a directory, the deepest first.
    /// </summary>
    internal static IReadOnlyList<string> PointsBelow(string mountinfo, AbsolutePath root) =>
    [
        .. mountinfo.Split('\n')
            .Select(x => x.Split(' '))
            .Where(x => x.Length > 4)
            .Select(x => x[4].Replace("\\040", " ", StringComparison.Ordinal))
            .Where(x => (x + "/").StartsWith($"{root}/", StringComparison.Ordinal))
            .OrderByDescending(x => x.Length).ThenByDescending(x => x, StringComparer.Ordinal),
    ];
}
