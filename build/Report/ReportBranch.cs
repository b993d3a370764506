using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Report;

/// <summary>
/// The branch of the repository that a published report is, with the copies of what it was read from: the images that
/// one run builds and those of all runs before it are one report. It is one commit, as what was before is in the
/// report's own history.
/// </summary>
/// <param name="repository">Its git directory, or the file that stands for one.</param>
/// <param name="remote">Name of the remote that has the branch.</param>
sealed class ReportBranch(AbsolutePath repository, string remote, string branch)
{
    const string Name = "OpenStack images";
    const string Email = "report@openstack-images.invalid";

    /// <summary>Not among the user's own (<c>refs/remotes</c>).</summary>
    string Known => $"refs/reports/{remote}/{branch}";

    /// <summary>Talks to the remote as the user does.</summary>
    readonly Git _online = new() { Directory = repository, HasUserConfiguration = true };

    readonly Git _git = new() { Directory = repository };

    /// <summary>Learns how the branch is at the remote.</summary>
    /// <returns>Its commit; null where there is no such branch yet.</returns>
    /// <exception cref="ProblemException">There is no such remote, or it cannot be reached.</exception>
    public async Task<string?> FetchAsync(CancellationToken cancellation = default)
    {
        var url = await _git.Command("config", "--get", $"remote.{remote}.url").RunAsync(cancellation);
        if (url.Text.Length == 0)
            throw new ProblemException($"this repository has no remote '{remote}' that could have the report",
                "Add it (git remote add), or name another with --report-remote");
        // Without a refmap: git would write the user's own as well.
        var fetched = await NetworkRetry.Default.RunAsync(_online.Command("fetch", "--quiet", "--no-tags", "--depth=1",
            "--no-write-fetch-head", "--refmap=", remote, $"+refs/heads/{branch}:{Known}"), cancellation);
        if (fetched.Error.Contains("couldn't find remote ref", StringComparison.Ordinal)) return null;
        if (!fetched.Succeeded)
            throw new ProblemException($"the branch {branch} of '{remote}' cannot be fetched: {fetched.Tail(3)}",
                "Check the network and your git credentials");
        return (await _git.Command("rev-parse", "--verify", $"{Known}^{{commit}}").RequireAsync(cancellation)).Text;
    }

    /// <summary>
    /// Lays the files that a published report was read from where they were, but for those of images that are here and
    /// those that are there already.
    /// </summary>
    /// <param name="commit">Of the branch.</param>
    /// <param name="root">The repository.</param>
    /// <param name="artifacts">Where images are: in directories of their releases.</param>
    /// <param name="scratch">An empty directory.</param>
    /// <returns>How many images were taken over.</returns>
    public async Task<int> TakeAsync(string commit, AbsolutePath root, AbsolutePath artifacts, AbsolutePath scratch,
        CancellationToken cancellation = default)
    {
        var git = _git with { WorkTree = scratch / "tree", Index = scratch / "index" };
        Directory.CreateDirectory(git.WorkTree!);
        await git.Command("read-tree", commit).RequireAsync(cancellation);
        await git.Command("checkout-index", "--all", "--quiet").RequireAsync(cancellation);
        var from = git.WorkTree! / PageParts.Files.TrimEnd('/') / Path.GetRelativePath(root, artifacts);
        if (!Directory.Exists(from)) return 0;
        var here = Directory.Exists(artifacts)
            ? Directory.GetDirectories(artifacts).SelectMany(Directory.GetDirectories)
                .Select(x => Path.GetRelativePath(artifacts, x)).ToHashSet(StringComparer.Ordinal)
            : [];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(from).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(from, file.FullName);
            var image = string.Join('/', name.Split('/').Take(2));
            var isOfImage = name.Count(x => x == '/') > 1;
            if (file.LinkTarget is not null || (isOfImage && here.Contains(image)) || File.Exists(artifacts / name))
                continue;
            if (isOfImage) taken.Add(image);
            AtomicFile.Write(artifacts / name, x => file.CopyTo(x));
        }

        return taken.Count;
    }

    /// <summary>Makes the branch of the pages as they are.</summary>
    /// <param name="old">How the branch is at the remote; null where there is none.</param>
    /// <exception cref="ProblemException">The remote does not take it.</exception>
    public async Task<string> PublishAsync(ReportDirectory report, string? old, AbsolutePath scratch, DateTimeOffset at,
        CancellationToken cancellation = default)
    {
        // GitHub Pages would leave out what begins with an underscore (docs.github.com, "About GitHub Pages and
        // Jekyll").
        AtomicFile.WriteText(report.Pages / ".nojekyll", "");
        var git = _git with { WorkTree = report.Pages, Index = scratch / "new-index" };
        await git.Command("add", "--all", "--force", ".").RequireAsync(cancellation);
        var tree = (await git.Command("write-tree").RequireAsync(cancellation)).Text;
        var commit = git.Command("commit-tree", tree) with { Input = $"Report of {at:yyyy-MM-dd HH:mm 'UTC'}\n" };
        var when = $"{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} +0000";
        var made = (await (commit with
        {
            Environment = new Dictionary<string, string?>(commit.Environment)
            {
                ["GIT_AUTHOR_NAME"] = Name,
                ["GIT_AUTHOR_EMAIL"] = Email,
                ["GIT_AUTHOR_DATE"] = when,
                ["GIT_COMMITTER_NAME"] = Name,
                ["GIT_COMMITTER_EMAIL"] = Email,
                ["GIT_COMMITTER_DATE"] = when,
            },
        }).RequireAsync(cancellation)).Text;
        // Whoever published in between is not overwritten.
        var push = await NetworkRetry.Default.RunAsync(_online.Command("push", "--quiet", "--no-verify",
            $"--force-with-lease=refs/heads/{branch}:{old}", remote, $"{made}:refs/heads/{branch}"), cancellation);
        return push.Succeeded ? made
            : throw new ProblemException($"'{remote}' does not take the branch {branch}: {push.Tail(5)}",
                GitRefusal.RemedyOf(push, $"at '{remote}'"));
    }
}
