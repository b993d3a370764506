using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>The archive of a release that Debian's source packages hold, <c>NAME_VERSION.orig.tar.*</c>.</summary>
static class UpstreamArchive
{
    /// <summary>Unpacks it into the new directory <paramref name="tree"/>.</summary>
    public static async Task<ReleasedTree> UnpackAsync(AbsolutePath archive, AbsolutePath tree, StepLog log,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(tree);
        await log.RunAsync(
            new Command("tar", "--extract", "--no-same-owner", "--strip-components=1", $"--file={archive}",
                $"--directory={tree}"),
            $"{archive} cannot be unpacked", cancellation);
        return Unpacked(tree, Version(Path.GetFileName(archive)));
    }

    /// <summary>A tree that is unpacked already.</summary>
    public static ReleasedTree Unpacked(AbsolutePath tree, string version) =>
        new(tree, version, new DateTimeOffset(NewestFile(tree)));

    /// <summary>
    /// <c>27.0.0</c> of <c>keystone_27.0.0.orig.tar.xz</c>; Debian writes a release candidate as <c>27.0.0~rc1</c>.
    /// </summary>
    internal static string Version(string archive) =>
        archive[(archive.IndexOf('_') + 1)..archive.IndexOf(".orig.tar", StringComparison.Ordinal)]
            .Split('+')[0].Replace("~", ".0", StringComparison.Ordinal);

    static DateTime NewestFile(AbsolutePath tree) =>
        new DirectoryInfo(tree)
            .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Max(x => x.LastWriteTimeUtc);
}
