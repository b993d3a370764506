using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>
/// Bare repositories with the released sources. The same archives always make the same commits: author and time are the archive's,
/// no setting of the user's git takes part.
/// </summary>
sealed class GitMirror(AptArchive archive, StepLog log)
{
    const string Author = "OpenStack Release Bot";
    const string Address = "infra-root@openstack.org";

    /// <summary>Makes <c>openstack/COMPONENT.git</c> for every component below <paramref name="directory"/>.</summary>
    public async Task MakeAsync(IEnumerable<SourceData> sources, AbsolutePath directory, AbsolutePath work, CancellationToken cancellation)
    {
        foreach (var component in sources.GroupBy(x => x.Component, StringComparer.Ordinal))
        {
            var repository = directory / "openstack" / $"{component.Key}.git";
            Directory.CreateDirectory(repository);
            await GitAsync(repository, null, ["init", "--quiet", "--bare", "--initial-branch=master", repository], null, cancellation);
            string? parent = null;
            foreach (var source in component)
            {
                var tarball = await archive.DownloadSourceAsync(source.Package, work / "source", log, cancellation);
                parent = await ImportAsync(repository, source, tarball, work, parent, cancellation);
            }

            await GitAsync(repository, null, ["update-ref", "refs/heads/master", parent!], null, cancellation);
            foreach (var setting in new[] { "uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant" })
                await GitAsync(repository, null, ["config", setting, "true"], null, cancellation);
            await GitAsync(repository, null, ["repack", "-a", "-d", "--quiet"], null, cancellation);
        }
    }

    /// <summary>Adds an upstream archive as a commit on <paramref name="parent"/>, with the release's tag and branch.</summary>
    internal async Task<string> ImportAsync(
        AbsolutePath repository, SourceData source, AbsolutePath tarball, AbsolutePath work, string? parent, CancellationToken cancellation)
    {
        var tag = UpstreamVersion(source.Package, Path.GetFileName(tarball));
        var tree = work / "tree";
        if (Directory.Exists(tree)) Directory.Delete(tree, recursive: true);
        Directory.CreateDirectory(tree);
        await log.RunAsync(
            new Command("tar", "--extract", "--no-same-owner", "--strip-components=1", $"--file={tarball}", $"--directory={tree}"), $"{tarball} cannot be unpacked", cancellation);
        var time = new DateTimeOffset(NewestFile(tree)).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + " +0000";
        var index = work / "index";
        File.Delete(index);
        await GitAsync(repository, time, ["--work-tree", tree, "add", "--all", "--force", "."], index, cancellation);
        var id = (await GitAsync(repository, time, ["write-tree"], index, cancellation)).Text;
        string[] parents = parent is null ? [] : ["-p", parent];
        var commit = (await GitAsync(repository, time, ["commit-tree", .. parents, "-m", $"Release {source.Component} {tag}", id], index, cancellation)).Text;
        await GitAsync(repository, time, ["tag", "--annotate", "-m", $"{source.Component} {tag} release", tag, commit], index, cancellation);
        await GitAsync(repository, time, ["update-ref", $"refs/heads/{source.Branch}", commit], index, cancellation);
        return commit;
    }

    /// <summary><c>27.0.0</c> of <c>keystone_27.0.0.orig.tar.xz</c>; Debian writes a release candidate as <c>27.0.0~rc1</c>.</summary>
    internal static string UpstreamVersion(string package, string archive) => archive[(package.Length + 1)..archive.IndexOf(".orig.tar", StringComparison.Ordinal)]
        .Split('+')[0].Replace("~", ".0", StringComparison.Ordinal);

    static DateTime NewestFile(AbsolutePath tree) =>
        new DirectoryInfo(tree).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Max(x => x.LastWriteTimeUtc);

    Task<CommandResult> GitAsync(AbsolutePath repository, string? time, IReadOnlyList<string> arguments, AbsolutePath? index, CancellationToken cancellation) =>
        log.RunAsync(
            new Command("git", ["--git-dir", repository, .. arguments])
            {
                WorkingDirectory = arguments is ["--work-tree", var tree, ..] ? tree : null,
                Environment = new Dictionary<string, string?>
                {
                    ["GIT_CONFIG_GLOBAL"] = "/dev/null",
                    ["GIT_CONFIG_SYSTEM"] = "/dev/null",
                    ["GIT_INDEX_FILE"] = index?.ToString(),
                    ["GIT_AUTHOR_NAME"] = Author,
                    ["GIT_AUTHOR_EMAIL"] = Address,
                    ["GIT_AUTHOR_DATE"] = time,
                    ["GIT_COMMITTER_NAME"] = Author,
                    ["GIT_COMMITTER_EMAIL"] = Address,
                    ["GIT_COMMITTER_DATE"] = time,
                },
                Remedy = "Install git",
            },
            $"git cannot make {repository}", cancellation);
}
