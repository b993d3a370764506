using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>
/// A work tree of the user's as git sees it: the tree that a commit of everything in it would have. Line ends, modes,
/// links and filters are git's business, with the user's configuration; what a sparse checkout leaves out is in it, as
/// it is in the commit. Objects and index are written elsewhere: nothing changes in the user's repository.
/// </summary>
/// <param name="Repository">Bare, borrows the objects of the user's, has its tags and whatever the snapshot
/// added.</param>
/// <param name="Head">The commit that is checked out.</param>
/// <param name="Tree">Object id of the tree.</param>
/// <param name="IsDirty">Whether it is another one than that of the commit.</param>
/// <param name="Entries">Its files.</param>
/// <param name="NestedRepositories">Directories that are repositories of somebody else's, and not a part of the
/// tree.</param>
sealed record WorkTreeSnapshot(
    AbsolutePath Repository,
    string Head,
    string Tree,
    bool IsDirty,
    IReadOnlyList<TreeEntry> Entries,
    IReadOnlyList<string> NestedRepositories)
{
    /// <param name="directory">The work tree.</param>
    /// <param name="repository">Becomes <see cref="Repository"/>; must not exist.</param>
    /// <exception cref="ProblemException">There is no commit, or git cannot read the tree.</exception>
    public static async Task<WorkTreeSnapshot> TakeAsync(
        string component, AbsolutePath directory, AbsolutePath repository, CancellationToken cancellation = default)
    {
        // The user's git, with the user's list of what to ignore.
        var git = new Git { Directory = directory / ".git", WorkTree = directory, HasUserConfiguration = true };
        var head = await git.Command("rev-parse", "--verify", "--quiet", "HEAD^{commit}").RunAsync(cancellation);
        if (!head.Succeeded)
        {
            throw new ProblemException(
                $"{component}: {directory} has no commit checked "
                + $"out{(head.Error.Length > 0 ? $" ({head.Tail(1)})" : "")}",
                "Commit something there; its version is told by its tags and commits");
        }

        if (ObjectFormat.IsForeign([head.Text]))
            throw new ProblemException(ObjectFormat.Describe(component, directory));
        await BorrowAsync(git, head.Text, repository, cancellation);
        var work = git with { Index = repository / "index", Objects = repository / "objects" };
        async Task<string> RunAsync(Command command)
        {
            var result = await command.RunAsync(cancellation);
            return result.Succeeded ? result.Text
                : throw new ProblemException($"{component}: git cannot read {directory}: {result.Tail(3)}",
                "See what 'git status' and 'git add --all --dry-run' say there");
        }

        if (!File.Exists(work.Index)) await RunAsync(work.Command("read-tree", head.Text));
        // With '--sparse', what is there although a sparse checkout leaves it out counts as well, as for 'git status'.
        await RunAsync(work.Command("add", "--update", "--sparse"));
        var others =
            await TreeEntry.ListAsync(work.Command("ls-files", "-z", "--others", "--exclude-standard"), cancellation);
        var (nested, files) =
            (others.Where(x => x.EndsWith('/')).ToList(), others.Where(x => !x.EndsWith('/')).ToList());
        if (files.Count > 0) await RunAsync(work.Command("update-index", "-z", "--add", "--replace", "--stdin") with
        {
            InputWriter = (stream, token) =>
                stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(string.Concat(files.Select(x => $"{x}\0"))),
                token).AsTask(),
        });
        // What a sparse checkout leaves out, a partial clone may not have.
        var tree = await RunAsync(work.Command("write-tree", "--missing-ok"));
        var committed = await RunAsync(work.Command("rev-parse", $"{head.Text}^{{tree}}"));
        var entries = await TreeEntry.OfTreeAsync(new Git { Directory = repository }, tree, cancellation);
        return new WorkTreeSnapshot(repository, head.Text, tree, tree != committed, entries,
            [.. nested.Select(PatchText.Utf8)]);
    }

    /// <summary>Writes the tree, byte for byte as git has it.</summary>
    /// <param name="directory">Must not exist.</param>
    public async Task WriteAsync(string component, AbsolutePath directory, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(directory);
        var git = new Git { Directory = Repository, WorkTree = directory, Index = Repository / "index.written" };
        var written = await git.Command("read-tree", "--reset", "-u", "--no-recurse-submodules", Tree)
            .RunAsync(cancellation);
        if (!written.Succeeded)
            throw new ProblemException($"{component}: files of the tree cannot be written: {written.Tail(3)}",
            "A partial clone lacks what a sparse checkout leaves out: run 'git sparse-checkout disable' there, or see "
                + "whether the disk is full");
    }

    /// <summary>
    /// A repository with the history and the tags of the user's, which can be read whatever that one's configuration
    /// says.
    /// </summary>
    static async Task BorrowAsync(Git git, string head, AbsolutePath repository, CancellationToken cancellation)
    {
        var paths = (await git.Command("rev-parse", "--path-format=absolute", "--git-common-dir", "--git-path", "index")
            .RequireAsync(cancellation)).Lines;
        var (common, index) = ((AbsolutePath)paths[0], (AbsolutePath)paths[1]);
        BorrowingRepository.Make(repository, head, common);
        Directory.CreateDirectory(repository / "info");
        await File.WriteAllTextAsync(repository / "info" / "attributes", Mirror.RawAttributes, cancellation);
        await File.WriteAllTextAsync(repository / "packed-refs",
            (await git.Command("show-ref", "--tags").RunAsync(cancellation)).Output, cancellation);
        if (File.Exists(common / "shallow")) File.Copy(common / "shallow", repository / "shallow");
        if (!File.Exists(index)) return;
        File.Copy(index, repository / "index");
        // What was changed after git had last looked, git tells by the time of its index.
        File.SetLastWriteTimeUtc(repository / "index", File.GetLastWriteTimeUtc(index));
    }
}
