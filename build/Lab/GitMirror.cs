using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>
/// Bare repositories with the released sources. The same packages always make the same commits: author and time are the
/// release's, no setting of the user's git takes part.
/// </summary>
/// <param name="sources">Holds the source packages of a suite; of null, those of the laboratory's.</param>
/// <param name="binaries">Holds the binary packages.</param>
/// <param name="pool">Where those are downloaded to.</param>
/// <param name="patches">The directory of patches that sources are released with.</param>
/// <param name="log">Gets what the programs print.</param>
sealed class GitMirror(Func<string?, Task<AptArchive>> sources, Lazy<Task<AptArchive>> binaries, DebPool pool,
    AbsolutePath patches, StepLog log)
{
    const string Author = "OpenStack Release Bot";
    const string Address = "infra-root@openstack.org";

    /// <summary>Makes the repository of one component, of its releases in the order of their history.</summary>
    public async Task MakeAsync(IReadOnlyList<SourceData> releases, AbsolutePath repository, AbsolutePath work,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(repository);
        await GitAsync(repository, null, ["init", "--quiet", "--bare", "--initial-branch=master", repository],
            null, cancellation);
        string? parent = null;
        foreach (var source in releases)
        {
            var tree = await ReleaseAsync(source, work / source.Branch.Replace('/', '-'), cancellation);
            parent = await ImportAsync(repository, source, tree, work, parent, cancellation);
        }

        await GitAsync(repository, null, ["update-ref", "refs/heads/master", parent!], null, cancellation);
        foreach (var setting in new[] { "uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant" })
            await GitAsync(repository, null, ["config", setting, "true"], null, cancellation);
        await GitAsync(repository, null, ["repack", "-a", "-d", "--quiet", "--window=0"], null, cancellation);
    }

    async Task<ReleasedTree> ReleaseAsync(SourceData source, AbsolutePath work, CancellationToken cancellation)
    {
        if (source.Package is { } package)
        {
            var archive = await sources(source.Suite);
            var upstream = await archive.DownloadSourceAsync(package, work / "source", log, cancellation);
            var tree = await UpstreamArchive.UnpackAsync(upstream, work / "tree", log, cancellation);
            if (source.Patch is { } patch) await PatchAsync(tree.Directory, patches / patch, cancellation);
            return tree;
        }

        var packages = await binaries.Value;
        var files = await pool.FetchAsync(
            packages, await packages.FindAsync(source.RebuiltFrom, log, cancellation), log, cancellation);
        if (source.Tree is null) return await RebuiltSource.MakeAsync(source, files, work / "tree", cancellation);
        await DebUnpacker.UnpackAsync(files, work / "package", log, cancellation);
        var metadata = await DebPackage.ReadAsync(files.Single(), cancellation);
        return UpstreamArchive.Unpacked(work / "package" / source.Tree, metadata.UpstreamVersion);
    }

    /// <summary>A tree that is in no repository: git takes the patch for what it is, wherever it lies.</summary>
    async Task PatchAsync(AbsolutePath tree, AbsolutePath patch, CancellationToken cancellation) => await log.RunAsync(
        new Command("git", "apply", patch)
        {
            WorkingDirectory = tree,
            Environment = new Dictionary<string, string?> { ["GIT_CEILING_DIRECTORIES"] = tree.Parent },
            Remedy = "See what of it upstream has changed, and write it anew",
        }, $"{patch.Name} does not go with the source that the mirror has", cancellation);

    /// <summary>Adds a release as a commit on <paramref name="parent"/>, with its tag and branch.</summary>
    internal async Task<string> ImportAsync(
        AbsolutePath repository, SourceData source, ReleasedTree release, AbsolutePath work, string? parent,
        CancellationToken cancellation)
    {
        var (tree, tag) = (release.Directory, source.TagPrefix + release.Version);
        var time = release.Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + " +0000";
        var index = work / "index";
        File.Delete(index);
        await GitAsync(repository, time, ["--work-tree", tree, "add", "--all", "--force", "."], index, cancellation);
        var id = (await GitAsync(repository, time, ["write-tree"], index, cancellation)).Text;
        string[] parents = parent is null ? [] : ["-p", parent];
        var commit = (await GitAsync(repository, time,
            ["commit-tree", .. parents, "-m", $"Release {source.Component} {tag}", id], index, cancellation)).Text;
        await GitAsync(repository, time, ["tag", "--annotate", "-m", $"{source.Component} {tag} release", tag, commit],
            index, cancellation);
        await GitAsync(repository, time, ["update-ref", $"refs/heads/{source.Branch}", commit], index, cancellation);
        return commit;
    }

    Task<CommandResult> GitAsync(AbsolutePath repository, string? time, IReadOnlyList<string> arguments,
        AbsolutePath? index, CancellationToken cancellation) =>
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
