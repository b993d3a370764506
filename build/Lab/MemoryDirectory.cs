using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>
/// A directory in memory (tmpfs(5)) for a root file system in the making: installing packages asks thousands of times
/// for a disk to have written, which on a busy one takes longer than all the rest.
/// </summary>
static class MemoryDirectory
{
    /// <summary>
    /// The most that it holds, in bytes: several times what a minimal system takes with its packages and lists.
    /// </summary>
    const long Limit = 2L << 30;

    /// <summary>
    /// Mounts one in a new directory, where there is memory to spare; otherwise the directory is an ordinary one.
    /// </summary>
    public static async Task MakeAsync(AbsolutePath directory, StepLog log, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        if (Available(File.ReadAllText("/proc/meminfo")) < 2 * Limit) return;
        // As on disk, users other than root may pass: apt's own, if it can, takes what it downloads to itself.
        var options = string.Create(CultureInfo.InvariantCulture, $"size={Limit},mode=755");
        var mount = new Command("mount", "-t", "tmpfs", "-o", options, "openstack-lab", directory);
        if (!(await mount.RunAsync(cancellation)).Succeeded)
            log.Write($"{directory} stays on disk: no tmpfs can be mounted");
    }

    /// <summary>
    /// Bytes that programs can have without swapping, from <c>/proc/meminfo</c> (proc_meminfo(5)); 0 where it does not
    /// say.
    /// </summary>
    internal static long Available(string meminfo) => meminfo.Split('\n')
        .FirstOrDefault(x => x.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line
        && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture, out var kibibytes)
        ? kibibytes << 10
        : 0;
}
