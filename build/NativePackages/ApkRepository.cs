using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// A repository of apk in a directory (apk-repositories(5)): per distribution, release of OpenStack and architecture
/// one directory with packages and their signed index. It is only added to: packages keep their place and their bytes,
/// and the one file that is replaced says which of them count. So a client sees what was before or what is after,
/// whenever a run is killed.
/// </summary>
/// <param name="directory">What a web server serves.</param>
public sealed class ApkRepository(AbsolutePath directory)
{
    /// <summary>Where the repositories of apk are, beside those of other formats.</summary>
    public const string Place = "apk";

    AbsolutePath LockFile => directory / ".lock";

    /// <summary>Adds packages; those that are there already, with the same content, stay as they are.</summary>
    /// <param name="suite">Distribution that they are built on.</param>
    /// <param name="component">Release of OpenStack.</param>
    /// <param name="files">Packages of one architecture, and of none.</param>
    /// <param name="key">Signs the packages and the index.</param>
    /// <param name="onWait">Called when another run adds to it already.</param>
    /// <returns>Those that were not there.</returns>
    /// <exception cref="ProblemException">A version is there with other content; nothing is added then.</exception>
    internal async Task<IReadOnlyList<ApkFile>> AddAsync(string suite, string component,
        IReadOnlyList<AbsolutePath> files, ApkKey key, Func<IDisposable>? onWait = null)
    {
        var packages = Problems.Collect(files, ApkFile.Read);
        // What runs on any is in the directory of each, as clients look into that of their own alone.
        var architecture = packages.Select(x => x.Info.Architecture)
            .Where(x => x != ApkFormat.AnyArchitecture).Distinct().Single();
        var place = directory / Place / suite / component / architecture;
        using var held = await FileLock.AcquireAsync(LockFile, onWait);
        try
        {
            ProblemException.ThrowIfAny([.. packages.Select(x => ProblemOf(x, place)).OfType<Problem>()]);
            var file = place / ApkIndex.FileName;
            var index = File.Exists(file) ? ApkIndex.Read(file, null) : ApkIndex.Empty;
            var added = packages.Where(x => !File.Exists(place / x.Info.File)).ToList();
            AtomicFile.WriteText(directory / Place / key.Name, key.PublicPem());
            foreach (var package in added) ApkWriter.WriteSigned(place / package.Info.File, package, key);
            foreach (var package in packages) index.Add(ApkFile.Read(place / package.Info.File), architecture);
            // Last: what apk reads first.
            index.Write(file, DescriptionOf(suite, component), key);
            return added;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Describe(e, directory);
        }
    }

    /// <summary>What its indexes name.</summary>
    public IReadOnlyList<PublishedPackage> List() =>
    [
        .. Indexes().SelectMany(file => ApkIndex.Read(file, null).Entries.Values.Select(ApkIndex.FieldsOf).Select(x =>
            new PublishedPackage(ShownAs(file), x["P"], x["V"], x.GetValueOrDefault("D", "").Split(' '),
                File.GetLastWriteTimeUtc(file.Parent! / $"{x["P"]}-{x["V"]}.apk")))),
    ];

    /// <summary>Takes packages out: from the index first, so that nobody is told of what is not there.</summary>
    public async Task RemoveAsync(IReadOnlyList<PublishedPackage> packages, ApkKey key,
        Func<IDisposable>? onWait = null)
    {
        using var held = await FileLock.AcquireAsync(LockFile, onWait);
        foreach (var file in Indexes())
        {
            var of = packages.Where(x => x.Index == ShownAs(file)).ToList();
            if (of.Count == 0) continue;
            var index = ApkIndex.Read(file, null);
            foreach (var package in of) index.Entries.Remove($"{package.Name} {package.Version}");
            var places = ShownAs(file).Split('/');
            index.Write(file, DescriptionOf(places[0], places[1]), key);
            foreach (var package in of) File.Delete(file.Parent! / $"{package.Name}-{package.Version}.apk");
        }
    }

    IReadOnlyList<AbsolutePath> Indexes() => !Directory.Exists(directory / Place) ? []
        : [.. Directory.GetFiles(directory / Place, ApkIndex.FileName, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x)];

    string ShownAs(AbsolutePath index) => Path.GetRelativePath(directory / Place, index.Parent!).Replace('\\', '/');

    static string DescriptionOf(string suite, string component) => $"openstack-images {suite} {component}";

    static Problem? ProblemOf(ApkFile package, AbsolutePath place)
    {
        var there = place / package.Info.File;
        return !File.Exists(there) || ApkFile.Read(there).Identity == package.Identity ? null : new Problem(
            $"{package.Info.Name} {package.Info.Version} is in the repository with other content", there,
            Expected: $"that of {package.File}",
            Remedy: "Raise --package-revision: what was published stays what it is");
    }
}
