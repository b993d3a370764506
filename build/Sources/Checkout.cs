using Nuke.Common.IO;

namespace OpenStack.Sources;

/// <summary>The tree of a commit on disk, byte for byte: no filters, no line ends changed, no submodules, no .git.</summary>
public static class Checkout
{
    /// <summary>
    /// Writes the tree of <paramref name="commit"/> into a new directory. Contents that the mirror lacks are fetched in one
    /// batch. The index is our own, so that any number of checkouts can be made from one mirror at once.
    /// </summary>
    /// <param name="directory">Must not exist.</param>
    /// <returns>A note for the user of <see cref="Mirror.EnsureAsync"/>, or null.</returns>
    public static async Task<string?> WriteAsync(
        Mirror mirror, string commit, AbsolutePath directory, NetworkRetry? retry = null, CancellationToken cancellation = default)
    {
        var note = await mirror.EnsureAsync(commit, cancellation);
        AbsolutePath index = $"{directory}.index";
        Directory.CreateDirectory(directory);
        File.Delete(index);
        File.Delete($"{index}.lock");
        try
        {
            var git = mirror.Online with { WorkTree = directory, Index = index };
            var readTree = git.Command("read-tree", "--reset", "-u", "--no-recurse-submodules", commit);
            var result = await (retry ?? NetworkRetry.Default).RunAsync(readTree, cancellation);
            RemoteFailure.ThrowIfFailed(mirror.Component, mirror.Online.Remote!, result);
        }
        finally
        {
            File.Delete(index);
        }

        return note;
    }
}
