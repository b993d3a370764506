using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>
/// The files of a commit of the user's repository, in a directory of their own, to be changed and committed there:
/// neither the user's work tree nor index is looked at or written to. Hooks do not run, and nothing is signed.
/// </summary>
public sealed class UpdateTree : IDisposable
{
    const string Name = "OpenStack images";
    const string Email = "updates@openstack-images.invalid";

    readonly Git _git;
    readonly AbsolutePath _directory;
    readonly string _base;

    UpdateTree(Git git, AbsolutePath directory, string @base) => (_git, _directory, _base) = (git, directory, @base);

    /// <summary>The files.</summary>
    public AbsolutePath Root => _directory / "tree";

    /// <summary>For what is on its way into <see cref="Root"/>.</summary>
    public AbsolutePath Aside => _directory / "aside";

    /// <param name="repository">Its git directory, or the file that stands for one.</param>
    /// <param name="directory">Does not exist, and will be removed.</param>
    public static async Task<UpdateTree> OfAsync(AbsolutePath repository, string commit, AbsolutePath directory,
        CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(directory / "tree");
        var tree = new UpdateTree(
            new Git { Directory = repository, WorkTree = directory / "tree", Index = directory / "index" }, directory,
            commit);
        try
        {
            await tree._git.Command("read-tree", commit).RequireAsync(cancellation);
            await tree._git.Command("checkout-index", "--all", "--quiet").RequireAsync(cancellation);
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>
    /// Commits some files as they are now, on top of the commit that they were from. No branch is moved.
    /// </summary>
    /// <returns>The commit; the same for the same files, message and date.</returns>
    public async Task<string> CommitAsync(IEnumerable<string> files, string message, DateTimeOffset date,
        CancellationToken cancellation = default)
    {
        await (_git.Command("update-index", "--add", "--remove", "-z", "--stdin") with
        {
            Input = string.Concat(files.Select(x => $"{x}\0")),
        }).RequireAsync(cancellation);
        var tree = (await _git.Command("write-tree").RequireAsync(cancellation)).Text;
        var commit = _git.Command("commit-tree", tree, "-p", _base) with { Input = message };
        var when = $"{date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} +0000";
        var environment = new Dictionary<string, string?>(commit.Environment)
        {
            ["GIT_AUTHOR_NAME"] = Name,
            ["GIT_AUTHOR_EMAIL"] = Email,
            ["GIT_AUTHOR_DATE"] = when,
            ["GIT_COMMITTER_NAME"] = Name,
            ["GIT_COMMITTER_EMAIL"] = Email,
            ["GIT_COMMITTER_DATE"] = when,
        };
        return (await (commit with { Environment = environment }).RequireAsync(cancellation)).Text;
    }
}
