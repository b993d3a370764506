using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Wheels;

namespace OpenStack.Locks;

/// <summary>The Python distributions of a closure as inputs.</summary>
static class PythonInputs
{
    /// <summary>What an image installs.</summary>
    /// <param name="closure">Its distributions.</param>
    /// <param name="wheelhouse">The directory that files without a url come from; null without any.</param>
    /// <param name="libraries">
    /// Directory of the wheels of libraries that are built from source, whose commits are locked; null without any.
    /// </param>
    /// <exception cref="ProblemException">Files that come from nowhere, all of them.</exception>
    public static IReadOnlyList<LockedFile> Installed(
        IEnumerable<LockedDistribution> closure, AbsolutePath? wheelhouse, AbsolutePath? libraries)
    {
        var foreign = closure.Where(x => libraries is null || !File.Exists(libraries / x.File.Name)).ToList();
        return Problems.Collect(
            foreign.Select(x => (Kind: x.IsSource ? FileKind.Sdist : FileKind.Wheel, Distribution: x, x.File))
                .Concat(foreign.Where(x => x is { IsSource: false, Source: not null })
                    .Select(x => (Kind: FileKind.Source, Distribution: x, File: x.Source!))),
            x => FileOf(x.Kind, x.Distribution, x.File, wheelhouse));
    }

    /// <summary>What wheels are built with.</summary>
    public static IReadOnlyList<LockedFile> BuiltWith(
        IEnumerable<LockedDistribution> requirements, AbsolutePath? wheelhouse) =>
        Problems.Collect(requirements, x => FileOf(FileKind.Build, x, x.File, wheelhouse));

    /// <summary>
    /// The files of an image that was built from the store, with where its lock has them: what is known of an image
    /// does not depend on whether it was built with a network.
    /// </summary>
    public static DistributionFiles WithPlaces(DistributionFiles files, InputLock of)
    {
        var places = of.Files.Where(x => !x.Url.StartsWith(LockedFile.Wheelhouse, StringComparison.Ordinal))
            .DistinctBy(x => x.Sha256)
            .ToDictionary(x => x.Sha256, x => x.Url, StringComparer.Ordinal);
        return new DistributionFiles([.. files.Entries.Select(x => x with
        {
            Url = places.GetValueOrDefault(x.Sha256),
            BuiltFrom = x.BuiltFrom is { } archive
                ? archive with { Url = places.GetValueOrDefault(archive.Sha256) } : null,
        })]);
    }

    /// <summary>Digest of what a lock says that wheels are built with.</summary>
    public static string DigestOfBuilding(InputLock of) => Storage.Digest.OfText(string.Join('\n',
        of.Files.Where(x => x.Kind == FileKind.Build).Select(x => x.Line).Order(StringComparer.Ordinal)));

    static LockedFile FileOf(string kind, LockedDistribution distribution, IndexFile file, AbsolutePath? wheelhouse)
    {
        LockedFile At(long? size, string url) =>
            new(kind, distribution.Name, distribution.Version, null, file.Sha256, size, url);
        // Whoever may read an index does not say so to those who read the lock.
        if (IsUrl(file.Url)) return At(file.Size, DistributionFile.PublicUrlOf(file.Url.Split('#')[0], file.Name));
        if (wheelhouse is not null && File.Exists(wheelhouse / file.Name))
            return At(new FileInfo(wheelhouse / file.Name).Length,
                LockedFile.Wheelhouse + Uri.EscapeDataString(file.Name));
        throw new ProblemException($"{file.Name} is at {file.Url}, where nobody else finds it",
            "Take it from an index, or from the directory that --wheelhouse names");
    }

    static bool IsUrl(string url) =>
        url.StartsWith("https://", StringComparison.Ordinal) || url.StartsWith("http://", StringComparison.Ordinal);
}
