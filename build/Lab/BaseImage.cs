using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>
/// The minimal image of a Debian suite, as the distribution's own image would be: its packages can be installed in a build, from
/// the same mirror and with the same keys. The programs of a foreign architecture must run by then.
/// </summary>
sealed class BaseImage(LabData data, ArchitectureData architecture, AptArchive archive)
{
    /// <summary>Makes the image's OCI layout. Its bytes depend on the packages alone; its time is the suite's.</summary>
    public async Task MakeAsync(AbsolutePath layout, AbsolutePath work, StepLog log, CancellationToken cancellation)
    {
        var packages = await archive.DownloadAsync([data.BaseImage.Builder], work, log, cancellation);
        await DebUnpacker.UnpackAsync(packages, work / "builder", log, cancellation);
        var released = archive.ReleaseDate();
        var rootfs = work / "rootfs.tar";
        await log.RunAsync(await BuilderAsync(work, rootfs, released, cancellation), "The root file system of the base image cannot be made", cancellation);
        await using var tar = File.OpenRead(rootfs);
        await OciLayoutWriter.WriteAsync(
            layout, new BaseImageConfig(architecture.Platform.Split('/')[1], released, $"{data.BaseImage.Builder} --variant=minbase {data.Suite}", $"debian:{data.Suite}"), tar, cancellation);
    }

    async Task<Command> BuilderAsync(AbsolutePath work, AbsolutePath rootfs, DateTimeOffset released, CancellationToken cancellation)
    {
        var dpkg = work / "lab.cfg";
        await File.WriteAllLinesAsync(dpkg, data.BaseImage.DpkgOptions, cancellation);
        var transport = await AptArchive.ReadTransportAsync(cancellation);
        List<string> arguments =
        [
            work / "builder/usr/bin" / data.BaseImage.Builder,
            "--mode=root", "--variant=minbase", "--format=tar", $"--architectures={architecture.Debian}",
            // The lists are here already, and checked; so are foreign programs.
            "--skip=update,check/qemu", $"--setup-hook=sync-in {Quote(archive.Lists)} /var/lib/apt/lists",
            $"--customize-hook=upload {Quote(dpkg)} /etc/dpkg/dpkg.cfg.d/lab",
            .. data.BaseImage.AptOptions.Select(x => $"--aptopt={x}"),
            .. transport.Select(x => $"--aptopt={x.TrimEnd(';')}"),
            .. data.BaseImage.Packages.Select(x => $"--include={x}"),
            data.Suite, rootfs, archive.SourcesFile,
        ];
        return new Command("perl", arguments)
        {
            Environment = new Dictionary<string, string?>
            {
                ["SOURCE_DATE_EPOCH"] = released.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                ["TMPDIR"] = work,
                ["LC_ALL"] = "C",
            },
            Remedy = "The laboratory needs perl",
        };
    }

    /// <summary>Hooks are words of a shell.</summary>
    static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
