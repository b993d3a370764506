using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Lab;

/// <summary>The program that runs those of a foreign architecture, out of Debian's package of all of them.</summary>
static class Emulator
{
    /// <summary>How the kernel is told about it (binfmt.d(5)).</summary>
    public const string Format = "binfmt.conf";

    /// <summary>Its name; QEMU reads from it that the first argument of programs is passed on (flag P).</summary>
    public static string Program(ArchitectureData architecture) => $"{architecture.Machine}-binfmt-P";

    /// <summary>Takes program and registration out of the package.</summary>
    public static async Task MakeAsync(string package, ArchitectureData architecture, AptArchive archive,
        AbsolutePath output, AbsolutePath work, StepLog log, CancellationToken cancellation)
    {
        await DebUnpacker.UnpackAsync(await archive.DownloadAsync([package], work, log, cancellation),
            work / "unpacked", log, cancellation);
        Directory.CreateDirectory(output);
        Move($"usr/bin/qemu-{architecture.Machine}", Program(architecture));
        Move($"usr/share/qemu/binfmt.d/qemu-{architecture.Machine}.conf", Format);

        void Move(string from, string to)
        {
            if (!File.Exists(work / "unpacked" / from))
                throw new ProblemException($"{package} has no '{from}'",
                    "Correct 'emulator' or 'architectures' in the laboratory's lab.yaml");
            File.Move(work / "unpacked" / from, output / to);
        }
    }
}
