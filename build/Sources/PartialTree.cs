using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// Some text files of a commit, for those who look at them: the rest of the tree stays with the remote.
/// </summary>
static class PartialTree
{
    /// <summary>Writes the files whose paths are wanted below a directory.</summary>
    /// <param name="mirror">It holds the commit.</param>
    /// <exception cref="ProblemException">The remote does not hand them out.</exception>
    public static async Task WriteAsync(Mirror mirror, string commit, Func<string, bool> isWanted,
        AbsolutePath directory, CancellationToken cancellation = default)
    {
        var paths = (await TreeEntry.OfTreeAsync(mirror.Offline, commit, cancellation))
            .Where(x => !x.IsLink && !x.IsSubmodule && PatchText.IsUtf8(x.Bytes))
            .Select(x => x.Name)
            .Where(x => !x.Contains('\n') && !x.Split('/').Any(y => y is "" or "." or ".."))
            .Where(isWanted).ToList();
        foreach (var (path, text) in await MirrorFiles.ReadAsync(mirror, commit, paths, cancellation))
            AtomicFile.WriteText(directory / path, text);
    }
}
