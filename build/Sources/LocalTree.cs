using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// A work tree of the user's as it is: the files that git tracks and those that it would, byte for byte like a checkout, without
/// submodules. Nothing in it is written, its index neither. A tree that is no repository of its own is an unpacked source
/// distribution: all its files, whatever repository is around it.
/// </summary>
public sealed class LocalTree
{
    LocalTree(IReadOnlyList<TreeFile> files, string? head, bool isDirty)
    {
        Files = files;
        Head = head;
        State = new LocalState(DigestOf(files), isDirty);
    }

    public IReadOnlyList<TreeFile> Files { get; }

    /// <summary>The commit that is checked out; null without a repository.</summary>
    public string? Head { get; }

    public LocalState State { get; }

    /// <exception cref="ProblemException">The tree has neither a commit nor anything else that tells its version.</exception>
    public static async Task<LocalTree> ReadAsync(string component, AbsolutePath directory, CancellationToken cancellation = default)
    {
        var git = GitOf(directory);
        if (!Path.Exists(git.Directory))
        {
            if (ProjectMetadata.Read(directory).ExportedVersion is null) throw NoVersion(component, directory);
            return new LocalTree(Read(directory, FileTree.Entries(directory).Select(x => x.Name).Where(x => !x.Split('/').Contains(".git"))), null, false);
        }

        var head = await git.Command("rev-parse", "--verify", "--quiet", "HEAD^{commit}").RunAsync(cancellation);
        if (!head.Succeeded)
        {
            throw new ProblemException($"{component}: {directory} has no commit checked out{(head.Error.Length > 0 ? $" ({head.Tail(1)})" : "")}",
                "Commit something there; its version is told by its tags and commits");
        }

        var files = Read(directory, await ListAsync(git, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], cancellation));
        var committed = await ListAsync(git, ["ls-tree", "-r", "-z", "--full-tree", head.Text], cancellation);
        return new LocalTree(files, head.Text, !files.SequenceEqual(Parse(committed)));
    }

    /// <summary>What the tree stands for, in place of a ref of that component.</summary>
    public ResolvedRef Resolve(string component, string remote) => new(
        component, RemoteUrl.WithoutCredentials(remote), "HEAD", RefKind.Local, Head ?? State.Content[(State.Content.IndexOf(':') + 1)..], State);

    /// <summary>Copies the tree, which must still be what was resolved.</summary>
    /// <param name="source">What <see cref="Resolve"/> said of it.</param>
    /// <param name="directory">Must not exist.</param>
    /// <param name="view">Must not exist; becomes a repository with the history of the tree, see <see cref="SourceTree.Describe"/>.</param>
    /// <returns>Whether there is a history.</returns>
    public static async Task<bool> WriteAsync(
        ResolvedRef source, AbsolutePath tree, AbsolutePath directory, AbsolutePath view, CancellationToken cancellation = default)
    {
        var local = await ReadAsync(source.Component, tree, cancellation);
        foreach (var file in local.Files) TreeCopy.CopyFile(tree / file.Name, directory / file.Name);
        if (DigestOf(Read(directory, local.Files.Select(x => x.Name))) != source.Local!.Content || local.State != source.Local)
            throw new ProblemException($"{source.Component}: {tree} has changed since it was looked at", "Run the same command again, without skipping ResolveRefs");
        if (local.Head is null) return false;
        await MakeViewAsync(GitOf(tree), local.Head, view, cancellation);
        return true;
    }

    /// <summary>A repository with the history and the tags of the user's, which can be read whatever that one's configuration says.</summary>
    static async Task MakeViewAsync(Git git, string head, AbsolutePath view, CancellationToken cancellation)
    {
        var common = (AbsolutePath)(await git.Command("rev-parse", "--path-format=absolute", "--git-common-dir").RequireAsync(cancellation)).Text;
        BorrowingRepository.Make(view, head, common);
        File.WriteAllText(view / "packed-refs", (await git.Command("show-ref", "--tags").RunAsync(cancellation)).Output);
        if (File.Exists(common / "shallow")) File.Copy(common / "shallow", view / "shallow");
    }

    /// <summary>The user's git, with the user's list of what to ignore.</summary>
    static Git GitOf(AbsolutePath directory) => new() { Directory = directory / ".git", WorkTree = directory, HasUserConfiguration = true };

    /// <summary>
    /// Those of the names that are files or links; the others were deleted, or are submodules. What is behind a link that took the
    /// place of a directory is none of ours.
    /// </summary>
    static List<TreeFile> Read(AbsolutePath directory, IEnumerable<string> names)
    {
        var links = new Dictionary<string, bool>(StringComparer.Ordinal) { [""] = false };
        bool IsBehindLink(string name)
        {
            var parent = Path.GetDirectoryName(name)!;
            if (!links.TryGetValue(parent, out var link)) links[parent] = link = IsBehindLink(parent) || new DirectoryInfo(Path.Combine(directory, parent)).LinkTarget is not null;
            return link;
        }

        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(x => !IsBehindLink(x)).Select(x => TreeFile.Read(directory, x)).OfType<TreeFile>()];
    }

    /// <summary>What git lists with <c>-z</c>: names may have line ends in them.</summary>
    static async Task<string[]> ListAsync(Git git, string[] arguments, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        await (git.Command(arguments) with { OutputReader = (stream, token) => stream.CopyToAsync(output, token) }).RequireAsync(cancellation);
        return Encoding.UTF8.GetString(output.GetBuffer().AsSpan(0, (int)output.Length)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The lines of ls-tree: mode, type and id, a tab, the name.</summary>
    static IEnumerable<TreeFile> Parse(IEnumerable<string> lines) => lines
        .Select(x => x.Split('\t', 2))
        .Select(x => (Fields: x[0].Split(' '), Name: x[1]))
        .Where(x => x.Fields[1] == "blob")
        .Select(x => new TreeFile(x.Name, x.Fields[0], x.Fields[2]))
        .OrderBy(x => x.Name, StringComparer.Ordinal);

    static string DigestOf(IEnumerable<TreeFile> files) => Digest.OfText(string.Concat(files.Select(x => $"{x.Mode} {x.Id} {x.Name}\0")));

    static ProblemException NoVersion(string component, AbsolutePath directory) => new(
        $"{component}: {directory} is no git repository of its own{(IsInside(directory) ? ", only inside of one," : "")} and says no version in PKG-INFO",
        "Give a clone with its tags, an unpacked source distribution, or make it one: git init, git add --all, git commit, git tag <version>");

    static bool IsInside(AbsolutePath directory) => directory.Parent is { } parent && (Path.Exists(parent / ".git") || IsInside(parent));
}
