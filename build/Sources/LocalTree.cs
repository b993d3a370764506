using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// A work tree of the user's: the files that git tracks and those that it would, see <see cref="WorkTreeSnapshot"/>,
/// without submodules. Nothing in it is written. A tree that is no repository of its own is an unpacked source
/// distribution: all its files as they are, whatever repository is around it.
/// </summary>
public sealed class LocalTree
{
    LocalTree(IEnumerable<TreeFile> files, string? head, bool isDirty, IReadOnlyList<string> notes)
    {
        Head = head;
        State = new LocalState(DigestOf(files), isDirty);
        Notes = notes;
    }

    /// <summary>The commit that is checked out; null without a repository.</summary>
    public string? Head { get; }

    public LocalState State { get; }

    /// <summary>What is there and not a part of the tree.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <exception cref="ProblemException">The tree has neither a commit nor anything else that tells its version, or
    /// names that are not UTF-8.</exception>
    public static async Task<LocalTree> ReadAsync(string component, AbsolutePath directory,
        CancellationToken cancellation = default)
    {
        if (!IsRepository(directory)) return new LocalTree(ReadExport(component, directory), null, false, []);
        using var scratch = new ScratchDirectory(Path.GetTempPath());
        return Of(component, directory,
            await WorkTreeSnapshot.TakeAsync(component, directory, scratch.Path / "view.git", cancellation));
    }

    /// <summary>What the tree stands for, in place of a ref of that component.</summary>
    public ResolvedRef Resolve(string component, string remote) => new(
        component, RemoteUrl.WithoutCredentials(remote), "HEAD", RefKind.Local,
        Head ?? State.Content[(State.Content.IndexOf(':') + 1)..], State);

    /// <summary>Copies the tree, which must still be what was resolved.</summary>
    /// <param name="source">What <see cref="Resolve"/> said of it.</param>
    /// <param name="directory">Must not exist.</param>
    /// <param name="view">
    /// Must not exist; becomes a repository with the history of the tree, see <see cref="SourceTree.Describe"/>.
    /// </param>
    /// <returns>Whether there is a history.</returns>
    public static async Task<bool> WriteAsync(
        ResolvedRef source, AbsolutePath tree, AbsolutePath directory, AbsolutePath view,
        CancellationToken cancellation = default)
    {
        void Require(LocalState state)
        {
            if (state != source.Local)
            {
                throw new ProblemException($"{source.Component}: {tree} has changed since it was looked at",
                    "Run the same command again, without skipping ResolveRefs");
            }
        }

        if (IsRepository(tree))
        {
            var snapshot = await WorkTreeSnapshot.TakeAsync(source.Component, tree, view, cancellation);
            Require(Of(source.Component, tree, snapshot).State);
            await snapshot.WriteAsync(source.Component, directory, cancellation);
            _ = Checkout.CheckTree(source.Component, tree, snapshot.Entries, directory);
            return true;
        }

        foreach (var (name, _, _) in ReadExport(source.Component, tree))
            TreeCopy.CopyFile(tree / name, directory / name);
        Require(new LocalState(DigestOf(ReadExport(source.Component, directory)), false));
        return false;
    }

    static LocalTree Of(string component, AbsolutePath directory, WorkTreeSnapshot snapshot)
    {
        TreeEntry.CheckNames(snapshot.Entries, component, directory);
        var files = snapshot.Entries.Where(x => !x.IsSubmodule).Select(x => new TreeFile(x.Name, x.Mode, x.Id));
        var left = snapshot.Entries.Where(x => x.IsSubmodule).Select(x => x.Name).ToList();
        var notes = new List<string>();
        if (left.Count > 0) notes.Add($"{component}: the tree is without its submodules: {string.Join(", ", left)}");
        if (snapshot.NestedRepositories.Count > 0)
            notes.Add($"{component}: repositories within {directory} are no part of it: "
                + $"{string.Join(", ", snapshot.NestedRepositories)}");
        return new LocalTree(files.OrderBy(x => x.Name, StringComparer.Ordinal), snapshot.Head, snapshot.IsDirty,
            notes);
    }

    /// <summary>A linked work tree and a submodule have a file there.</summary>
    static bool IsRepository(AbsolutePath directory) => Path.Exists(directory / ".git");

    /// <summary>The files and links of an unpacked source distribution.</summary>
    static List<TreeFile> ReadExport(string component, AbsolutePath directory)
    {
        if ((DescribedVersion.InTree(directory) ?? ProjectMetadata.Read(directory).ExportedVersion) is null)
            throw NoVersion(component, directory);
        var entries = FileTree.Entries(directory).Where(x => !x.Name.Split('/').Contains(".git")).ToList();
        // .NET finds nothing under the name that it has made of one that is not UTF-8.
        var unreadable = entries.Where(x => !Removal.IsThere(x.Entry.FullName)).Select(x => x.Name)
            .Order(StringComparer.Ordinal).ToList();
        if (unreadable.Count > 0)
            throw new ProblemException(
                $"{component}: {directory} has files whose name is not UTF-8: {string.Join(", ", unreadable)}",
                GitName.Remedy);
        var links = entries.Where(x => x.Entry.LinkTarget is not null)
            .ToDictionary(x => x.Name, x => LinkText.Read(x.Entry), StringComparer.Ordinal);
        TreeEntry.CheckLinks(new TreeLinks(links), component, directory);
        return [.. entries.Select(x => x.Name).Order(StringComparer.Ordinal)
            .Select(x => TreeFile.Read(directory, x)).OfType<TreeFile>()];
    }

    static string DigestOf(IEnumerable<TreeFile> files) =>
        Digest.OfText(string.Concat(files.Select(x => $"{x.Mode} {x.Id} {x.Name}\0")));

    static ProblemException NoVersion(string component, AbsolutePath directory) => new(
        $"{component}: {directory} is no git repository of its "
        + $"own{(IsInside(directory) ? ", only inside of one," : "")} and says no version in PKG-INFO",
        "Give a clone with its tags, an unpacked source distribution, or make it one: git init, git add --all, git "
        + "commit, git tag <version>");

    static bool IsInside(AbsolutePath directory) =>
        directory.Parent is { } parent && (Path.Exists(parent / ".git") || IsInside(parent));
}
