using Nuke.Common.IO;

namespace OpenStack.Lab;

/// <summary>
/// A download under way: how many bytes are expected, as far as it is known yet, and how many have arrived.
/// </summary>
sealed record Transfer(Func<long> Expected, Func<long> Received)
{
    /// <summary>Files that apt writes in place, below a directory.</summary>
    public static Transfer Of(IReadOnlyList<AptPackage> packages, AbsolutePath directory)
    {
        long Present() =>
            packages.Sum(x => new FileInfo(directory / x.File) is { Exists: true } file ? file.Length : 0);
        var before = Present();
        return new Transfer(() => packages.Sum(x => x.Size) - before, () => Math.Max(0, Present() - before));
    }
}
