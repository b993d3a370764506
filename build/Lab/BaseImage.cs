using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// The minimal image of a Debian suite, as the distribution's own image would be: its packages can be installed in a
/// build, from the same mirror and with the same keys. The programs of a foreign architecture must run by then.
/// </summary>
sealed class BaseImage(LabData data, ArchitectureData architecture, AptArchive archive, DebPool pool)
{
    const string Packages = "packages";
    const string Tree = "tree";

    /// <summary>
    /// Makes the image's OCI layout. Its bytes depend on the packages alone; its time is the suite's.
    /// </summary>
    public async Task MakeAsync(AbsolutePath layout, AbsolutePath work, StepLog log, CancellationToken cancellation)
    {
        await DebUnpacker.UnpackAsync(
            [await FetchAsync(work / Packages, log, cancellation)], work / "builder", log, cancellation);
        var released = archive.ReleaseDate();
        var rootfs = work / "rootfs.tar";
        await MemoryDirectory.MakeAsync(work / Tree, log, cancellation);
        try
        {
            await log.RunAsync(
                await BuilderAsync(work, rootfs, released, cancellation),
                "The root file system of the base image cannot be made", cancellation);
        }
        finally
        {
            await Mounts.DetachAsync(work / Tree);
        }

        await using var tar = File.OpenRead(rootfs);
        var image = new BaseImageConfig(architecture.Platform.Split('/')[1], released,
            $"{data.BaseImage.Builder} --variant=minbase {data.Suite}", $"debian:{data.Suite}");
        await OciLayoutWriter.WriteAsync(layout, image, tar, cancellation);
    }

    /// <summary>
    /// What the builder will ask its own apt for, which then finds it: essential packages, required ones and apt, as in
    /// the variant <c>minbase</c> (mmdebstrap(1)). If it should want others, it downloads them.
    /// </summary>
    /// <returns>The package of the builder.</returns>
    async Task<AbsolutePath> FetchAsync(AbsolutePath packages, StepLog log, CancellationToken cancellation)
    {
        var closure = await archive.ClosureAsync(
            ["?essential", "?priority(required)", "apt", .. data.BaseImage.Packages], log, cancellation);
        var builder = await archive.FindAsync([data.BaseImage.Builder], log, cancellation);
        var files = await pool.FetchAsync(archive, [.. builder, .. closure], log, cancellation);
        Directory.CreateDirectory(packages);
        foreach (var file in files.Skip(builder.Count)) LinkedFile.Create(file, packages / file.Name);
        return files[0];
    }

    async Task<Command> BuilderAsync(AbsolutePath work, AbsolutePath rootfs, DateTimeOffset released,
        CancellationToken cancellation)
    {
        var dpkg = work / "lab.cfg";
        await File.WriteAllLinesAsync(dpkg, data.BaseImage.DpkgOptions, cancellation);
        var transport = await AptArchive.ReadTransportAsync(cancellation);
        List<string> arguments =
        [
            work / "builder/usr/bin" / data.BaseImage.Builder,
            "--mode=root", "--variant=minbase", "--format=tar", $"--architectures={architecture.Debian}",
            // Lists and packages are here already, and checked; so are foreign programs.
            "--skip=update,check/qemu,download/empty",
                $"--setup-hook=sync-in {Quote(archive.Lists)} /var/lib/apt/lists",
            "--setup-hook=mkdir -p \"$1/var/cache/apt/archives\"",
                $"--setup-hook=sync-in {Quote(work / Packages)} /var/cache/apt/archives",
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
                ["TMPDIR"] = work / Tree,
                ["LC_ALL"] = "C",
            },
            Remedy = "The laboratory needs perl",
        };
    }

    /// <summary>Hooks are words of a shell.</summary>
    static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
