using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>Debian packages unpacked beside each other, without installing them.</summary>
static class DebUnpacker
{
    public static Task UnpackAsync(IEnumerable<AbsolutePath> packages, AbsolutePath into, StepLog log,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(into);
        return Parallel.ForEachAsync(
            packages,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = Environment.ProcessorCount,
                CancellationToken = cancellation,
            },
            async (package, x) => await log.RunAsync(new Command("dpkg-deb", "--extract", package, into),
                $"{package} cannot be unpacked", x));
    }
}
