using Nuke.Common.IO;
using OpenStack.Network;

namespace OpenStack.Locks;

/// <summary>
/// Where the files of locks are: at mirrors first, then where the lock says, then with whoever keeps what archives had.
/// </summary>
public static class InputPlaces
{
    /// <summary>The files that building takes, each once, wherever it is named.</summary>
    /// <param name="locks">
    /// What is to be built, with the directory that its files without a url come from, null without any.
    /// </param>
    public static IReadOnlyList<WantedInput> Of(
        IReadOnlyList<(InputLock Lock, AbsolutePath? Wheelhouse)> locks, IReadOnlyList<InputMirror> mirrors)
    {
        var named = locks.SelectMany(x => x.Lock.Files.Where(y => y.Kind != FileKind.Source)
            .Select(y => (File: y, Places: PlacesOf(y, x.Lock, x.Wheelhouse, mirrors))));
        return
        [
            .. named.GroupBy(x => x.File.Sha256)
                .OrderBy(x => x.Key, StringComparer.Ordinal)
                .Select(x => new WantedInput(
                    x.First().File.FileName, x.Key, x.Max(y => y.File.Size),
                    [.. x.SelectMany(y => y.Places).Distinct()])),
        ];
    }

    static IEnumerable<Uri> PlacesOf(LockedFile file, InputLock of, AbsolutePath? wheelhouse,
        IReadOnlyList<InputMirror> mirrors)
    {
        if (file.Url.StartsWith(LockedFile.Wheelhouse, StringComparison.Ordinal))
            return wheelhouse is null ? [] : [new Uri(wheelhouse / file.FileName)];
        var snapshots = of.Inputs.OfType<LockedSuite>()
            .Where(x => x.Snapshot is not null && file.Url.StartsWith(x.Archive, StringComparison.Ordinal))
            .Select(x => x.Snapshot + file.Url[x.Archive.Length..]);
        return mirrors.Select(x => x.Of(file.Url))
            .OfType<string>()
            .Append(file.Url)
            .Concat(snapshots)
            .Select(x => new Uri(x));
    }
}
