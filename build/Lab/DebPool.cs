using System.Collections.Concurrent;
using Nuke.Common.IO;

namespace OpenStack.Lab;

/// <summary>
/// Binary packages on disk, each downloaded once whoever needs it, and kept for who needs it later. A download that was
/// cut off goes on where it was: apt checks every file against the signed lists before it comes in here.
/// </summary>
sealed class DebPool(AbsolutePath directory) : IDisposable
{
    /// <summary>Parts of the laboratory that want packages take turns: they may want the same ones.</summary>
    readonly SemaphoreSlim _turn = new(1, 1);

    readonly ConcurrentDictionary<string, AptPackage> _wanted = new(StringComparer.Ordinal);

    AbsolutePath Arriving => directory / "arriving";

    /// <summary>Downloads those of the packages that are not here, all in one run of apt.</summary>
    /// <returns>Their files, in the order of the packages.</returns>
    public async Task<IReadOnlyList<AbsolutePath>> FetchAsync(
        AptArchive archive, IReadOnlyList<AptPackage> packages, StepLog log, CancellationToken cancellation)
    {
        foreach (var package in packages) _wanted[package.File] = package;
        await _turn.WaitAsync(cancellation);
        try
        {
            var missing = packages.DistinctBy(x => x.File).Where(x => !File.Exists(directory / x.File)).ToList();
            if (missing.Count > 0) await archive.DownloadAsync(missing, Arriving, log, cancellation);
            foreach (var package in missing)
                File.Move(Arriving / package.File, directory / package.File, overwrite: true);
            return [.. packages.Select(x => directory / x.File)];
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Removes what the mirror has newer versions of that somebody has asked for here.</summary>
    public void RemoveEarlierVersions()
    {
        if (!Directory.Exists(directory)) return;
        foreach (var package in _wanted.Values)
        {
            foreach (var file in Directory.GetFiles(directory, $"{package.Name}_*_{package.Architecture}.deb"))
                if (!_wanted.ContainsKey(Path.GetFileName(file))) File.Delete(file);
        }
    }
}
