using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// The tree of a commit on disk, byte for byte: no filters, no line ends changed, no submodules, no .git.
/// </summary>
public static class Checkout
{
    /// <summary>
    /// Writes the tree of <paramref name="commit"/> into a new directory. Contents that the mirror lacks are fetched in
    /// one batch. The index is our own, so that any number of checkouts can be made from one mirror at once.
    /// </summary>
    /// <param name="directory">Must not exist.</param>
    /// <param name="reference">The full name of the ref that leads to the commit, where that is no branch or
    /// tag.</param>
    /// <returns>What the user is to know: a note of the mirror, what is not in the tree. Null where there is
    /// nothing.</returns>
    /// <exception cref="ProblemException">The commit cannot be had, or has names that are not UTF-8.</exception>
    public static async Task<string?> WriteAsync(
        Mirror mirror,
        string commit,
        AbsolutePath directory,
        NetworkRetry? retry = null,
        string? reference = null,
        CancellationToken cancellation = default)
    {
        var note = await mirror.EnsureAsync(commit, reference, cancellation);
        // Elsewhere git takes what it reads for what it is called; here nothing is left to it.
        if (mirror.IsOffline) await CommitObjects.VerifyAsync(mirror, commit, cancellation);
        var entries = await TreeEntry.OfTreeAsync(mirror.Offline, commit, cancellation);
        TreeEntry.CheckNames(entries, mirror.Component, commit);
        AbsolutePath index = $"{directory}.index";
        Directory.CreateDirectory(directory);
        Removal.Remove(index);
        Removal.Remove($"{index}.lock");
        try
        {
            var git = mirror.Online with { WorkTree = directory, Index = index };
            var readTree = git.Command("read-tree", "--reset", "-u", "--no-recurse-submodules", commit);
            var result = await (retry ?? NetworkRetry.Default).RunAsync(readTree, cancellation);
            RemoteFailure.ThrowIfFailed(mirror.Component, mirror.Online.Remote ?? "", result);
        }
        finally
        {
            File.Delete(index);
        }

        IEnumerable<string?> notes = [note, .. CheckTree(mirror.Component, commit, entries, directory)];
        return notes.OfType<string>().ToList() is { Count: > 0 } all ? string.Join("; ", all) : null;
    }

    /// <summary>Looks at a tree that was written.</summary>
    /// <returns>What of it is not there, or not in it.</returns>
    /// <exception cref="ProblemException">It has links to names that are not UTF-8.</exception>
    internal static IReadOnlyList<string> CheckTree(
        string component, string what, IReadOnlyList<TreeEntry> entries, AbsolutePath directory)
    {
        var notes = new List<string>();
        if (Joined(entries.Where(x => x.IsSubmodule)) is { } submodules)
            notes.Add($"{component}: the tree is without its submodules: {submodules}");
        var links = entries.Where(x => x.IsLink)
            .ToDictionary(x => x.Name, x => LinkText.Read(new FileInfo(directory / x.Name)), StringComparer.Ordinal);
        var targets = new TreeLinks(links);
        TreeEntry.CheckLinks(targets, component, what);
        if (Joined(entries.Where(x => x.IsLink && !targets.IsSound(x.Name))) is { } outside)
            notes.Add($"{component}: links lead out of the tree: {outside}");
        return notes;
    }

    static string? Joined(IEnumerable<TreeEntry> entries) =>
        entries.Select(x => x.Name).ToList() is { Count: > 0 } names ? string.Join(", ", names) : null;
}
