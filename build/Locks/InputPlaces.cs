using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Locks;

/// <summary>
/// Something that has the same files as another place: <c>https://files.example/=https://mirror.example/pypi/</c>.
/// </summary>
/// <param name="Prefix">What the urls of files begin with that it has.</param>
/// <param name="Replacement">What they begin with there.</param>
public sealed record InputMirror(string Prefix, string Replacement)
{
    /// <summary>Several, as a user writes them.</summary>
    /// <exception cref="ProblemException">All that are none.</exception>
    public static IReadOnlyList<InputMirror> ParseAll(IReadOnlyList<string> texts)
    {
        var mirrors = texts
            .Select(x => x.Split('=', 2) is [var prefix, var replacement] && IsUrl(prefix) && IsUrl(replacement)
                ? new InputMirror(prefix, replacement) : null).ToList();
        ProblemException.ThrowIfAny([.. texts.Zip(mirrors).Where(x => x.Second is null).Select(x => new Problem(
            $"--input-mirrors has the value '{x.First}'",
            Expected: "url=url, as in https://files.pythonhosted.org/=https://mirror.example/pypi/"))]);
        return [.. mirrors.OfType<InputMirror>()];
    }

    /// <summary>Where it has a file; null where it is another's.</summary>
    public string? Of(string url) =>
        url.StartsWith(Prefix, StringComparison.Ordinal) ? Replacement + url[Prefix.Length..] : null;

    static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}

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
