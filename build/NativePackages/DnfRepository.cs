using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Repositories of dnf in a directory, one for each distribution and release of OpenStack:
/// <c>rpm/debian-trixie/2025.1</c>. They are only added to: packages keep their place and their bytes, lists lie under
/// their digest, and <c>repomd.xml</c>, which says which of them count, is replaced last. Packages are signed, and so
/// is <c>repomd.xml</c>.
/// </summary>
/// <param name="directory">What a web server serves; that of <see cref="AptRepository"/> may be the same.</param>
public sealed class DnfRepository(AbsolutePath directory)
{
    /// <summary>The directory of all repositories.</summary>
    public const string Root = "rpm";

    public const string Repodata = "repodata";
    public const string Repomd = "repomd.xml";
    public const string Signature = $"{Repomd}.asc";

    const string PackageDirectory = "packages";

    /// <summary>How many generations of lists stay for clients that still read an earlier one.</summary>
    const int KeptGenerations = 8;

    AbsolutePath LockFile => directory / Root / ".lock";

    /// <summary>Adds packages; those that are there already, whoever has signed them, stay.</summary>
    /// <param name="distribution">That they are built on, <c>debian-trixie</c>.</param>
    /// <param name="release">Of OpenStack.</param>
    /// <param name="files">The packages.</param>
    /// <param name="key">Signs them and the repository.</param>
    /// <param name="onWait">Called when another run adds to it already.</param>
    /// <returns>Those that were not there.</returns>
    /// <exception cref="ProblemException">A version is there with other bytes; nothing is added then.</exception>
    public async Task<IReadOnlyList<RpmFile>> AddAsync(string distribution, string release,
        IReadOnlyList<AbsolutePath> files, OpenPgpKey key, Func<IDisposable>? onWait = null)
    {
        var packages = Problems.Collect(files, RpmFile.Read);
        using var held = await FileLock.AcquireAsync(LockFile, onWait);
        try
        {
            var repository = directory / Root / distribution / release;
            ProblemException.ThrowIfAny([.. packages.Select(x => ProblemOf(x, repository)).OfType<Problem>()]);
            var added = packages.Where(x => !File.Exists(repository / HrefOf(x))).ToList();
            foreach (var package in added) RpmSigner.Sign(package, key, repository / HrefOf(package));
            Index(repository, packages, new HashSet<string>(), key);
            return added;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Describe(e, directory);
        }
    }

    /// <summary>What its lists name, of all repositories.</summary>
    public IReadOnlyList<PublishedPackage> List() =>
        [.. Repositories().SelectMany(x => Published(x).Select(y => y.Package))];

    /// <summary>Takes packages out: from the lists first, so that nobody is told of what is not there.</summary>
    public async Task RemoveAsync(IReadOnlyList<PublishedPackage> packages, OpenPgpKey key,
        Func<IDisposable>? onWait = null)
    {
        using var held = await FileLock.AcquireAsync(LockFile, onWait);
        foreach (var repository in Repositories())
        {
            var of = packages.Where(x => x.Index == ShownAs(repository)).Select(x => (x.Name, x.Version)).ToHashSet();
            var gone = Published(repository).Where(x => of.Contains((x.Package.Name, x.Package.Version))).ToList();
            if (gone.Count == 0) continue;
            Index(repository, [], gone.Select(x => x.Sha256).ToHashSet(), key);
            foreach (var (_, place, _) in gone) File.Delete(repository / place);
        }
    }

    IReadOnlyList<AbsolutePath> Repositories() => !Directory.Exists(directory / Root) ? []
        : [.. Directory.GetDirectories(directory / Root).SelectMany(Directory.GetDirectories)
            .Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x)
            .Where(x => File.Exists(x / Repodata / Repomd))];

    string ShownAs(AbsolutePath repository) =>
        Path.GetRelativePath(directory / Root, repository).Replace('\\', '/');

    IEnumerable<(PublishedPackage Package, string Place, string Sha256)> Published(AbsolutePath repository) =>
        DnfMetadata.Named(repository / Repodata / Repomd).Where(x => x.Kind == "primary")
            .SelectMany(x => DnfMetadata.Published(repository / x.Place, repository, ShownAs(repository)));

    static string HrefOf(RpmFile package) => $"{PackageDirectory}/{package.Name}/{Path.GetFileName(package.File)}";

    /// <summary>The digest of the header is the same with any signature, and says that of the payload.</summary>
    static Problem? ProblemOf(RpmFile package, AbsolutePath repository)
    {
        var there = repository / HrefOf(package);
        return !File.Exists(there) || RpmFile.Read(there).HeaderDigest == package.HeaderDigest ? null : new Problem(
            $"{package.Nevra} is in the repository with other bytes", there, Expected: $"those of {package.File}",
            Remedy: "Raise --package-revision: what was published stays what it is");
    }

    void Index(AbsolutePath repository, IReadOnlyList<RpmFile> packages, IReadOnlySet<string> gone, OpenPgpKey key)
    {
        var (repodata, now) = (repository / Repodata, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var lists = DnfMetadata.All();
        var earlier = File.Exists(repodata / Repomd) ? DnfMetadata.Named(repodata / Repomd) : [];
        foreach (var list in lists)
            foreach (var (_, place, _) in earlier.Where(x => x.Kind == list.Kind))
                list.AddAll(repository / place, gone);
        var listed = earlier.Where(x => x.Kind == lists[0].Kind)
            .SelectMany(x => DnfMetadata.Packages(repository / x.Place)).Select(x => x.Place).ToHashSet();
        foreach (var package in packages.Where(x => !listed.Contains(HrefOf(x))))
        {
            var place = PlaceOf(repository, HrefOf(package));
            foreach (var list in lists) list.Add(package, place);
        }

        var text = Encoding.UTF8.GetBytes(DnfMetadata.Repomd([.. lists.Select(x => x.Write(repodata, now))], now));
        AtomicFile.Write(directory / AptRepository.KeyFile, x => File.WriteAllBytes(x, key.PublicKey()));
        // Both at once is beyond a file system: between the two a client refuses the one with the other, and asks
        // again.
        AtomicFile.Write(repodata / Signature, x => File.WriteAllBytes(x, key.Sign(text)));
        AtomicFile.Write(repodata / Repomd, x => File.WriteAllBytes(x, text));
        foreach (var list in lists) RemoveEarlier(repodata, list.Kind);
    }

    static DnfPlace PlaceOf(AbsolutePath repository, string href)
    {
        var (file, rpm) = (new FileInfo(repository / href), RpmFile.Read(repository / href));
        return new DnfPlace(href, Digest.OfFile(rpm.File)["sha256:".Length..], file.Length,
            new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds(), rpm.HeaderStart);
    }

    static void RemoveEarlier(AbsolutePath repodata, string kind)
    {
        foreach (var file in new DirectoryInfo(repodata).GetFiles($"*-{kind}.xml.gz")
            .OrderByDescending(x => x.LastWriteTimeUtc).ThenBy(x => x.Name, StringComparer.Ordinal)
            .Skip(KeptGenerations)) file.Delete();
    }
}
