using System.Text;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>Text files of a commit, read from a mirror without a checkout.</summary>
public static class MirrorFiles
{
    /// <summary>
    /// The files that the commit has, by path; what the mirror lacks of them comes in one request, and is read by one
    /// process.
    /// </summary>
    /// <param name="paths">None with a line break.</param>
    /// <exception cref="ProblemException">The remote does not hand them out.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(Mirror mirror, string commit,
        IReadOnlyList<string> paths, CancellationToken cancellation = default)
    {
        if (!await MirrorContents.EnsureAsync(mirror, [$"{commit}^{{tree}}"], paths, cancellation))
            throw new ProblemException($"{mirror.Component}: the files of {commit} cannot be had",
                "Check the network and run the same command again");
        var contents = await BlobBatch.ReadAsync(mirror.Offline, [.. paths.Select(x => $"{commit}:{x}")], cancellation);
        return paths.Zip(contents).Where(x => x.Second is not null)
            .ToDictionary(x => x.First, x => Encoding.UTF8.GetString(x.Second!), StringComparer.Ordinal);
    }
}
