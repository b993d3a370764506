using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Selection;

/// <summary>A file that leaves this machine.</summary>
interface IHazExportTo : INukeBuild
{
    [Parameter("Export: file for the selected image, by default "
        + "artifacts/<release>/<service>/<service>-<release>.oci.tar; Prefetch: file for all inputs")]
    string? ExportTo => TryGetValue(() => ExportTo);

    /// <summary>Writes it, as a whole.</summary>
    /// <param name="path">Relative to the current directory.</param>
    /// <exception cref="ProblemException">It is a directory, or the disk does not take it.</exception>
    static async Task<AbsolutePath> WriteExportAsync(string path, Func<Stream, Task> write)
    {
        AbsolutePath file = Path.GetFullPath(path, EnvironmentInfo.WorkingDirectory);
        if (Directory.Exists(file))
            throw new ProblemException($"--export-to names {file}, which is a directory", "Name a file");
        try
        {
            await AtomicFile.WriteAsync(file, async aside =>
            {
                await using var output = File.Create(aside, 1 << 20);
                await write(output);
            });
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Describe(e, file);
        }

        return file;
    }
}
