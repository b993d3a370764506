using System.Globalization;
using System.IO.Compression;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Packages;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// A repository of apt in a directory (https://wiki.debian.org/DebianRepository/Format): a suite per distribution, a
/// component per release of OpenStack. It is only added to: packages keep their place and their bytes, indexes lie
/// under their digest, and the one file that is replaced, the signed <c>InRelease</c>, says which of them count. So a
/// client sees what was before or what is after, whenever a run is killed.
/// </summary>
/// <param name="directory">What a web server serves.</param>
public sealed class AptRepository(AbsolutePath directory)
{
    /// <summary>The certificate that clients check the repository by.</summary>
    public const string KeyFile = "openstack-images.asc";

    const string Packages = "Packages";

    /// <summary>How many generations of an index stay for clients that still read an earlier one.</summary>
    const int KeptGenerations = 8;

    AbsolutePath LockFile => directory / ".lock";

    AbsolutePath SuiteDirectory(string suite) => directory / "dists" / suite;

    /// <summary>Adds packages to a suite; those that are there already, with the same bytes, stay.</summary>
    /// <param name="suite">Distribution, <c>debian-trixie</c>.</param>
    /// <param name="component">Release of OpenStack.</param>
    /// <param name="files">The packages, all of one platform.</param>
    /// <param name="key">Signs the suite.</param>
    /// <param name="onWait">Called when another run adds to it already.</param>
    /// <returns>Those that were not there.</returns>
    /// <exception cref="ProblemException">A version is there with other bytes; nothing is added then.</exception>
    public async Task<IReadOnlyList<DebFile>> AddAsync(string suite, string component,
        IReadOnlyList<AbsolutePath> files, OpenPgpKey key, Func<IDisposable>? onWait = null)
    {
        var packages = Problems.Collect(files, DebFile.Read);
        using var held = await FileLock.AcquireAsync(LockFile, onWait);
        try
        {
            ProblemException.ThrowIfAny([.. packages.Select(x => ProblemOf(x, suite, component)).OfType<Problem>()]);
            var added = packages.Where(x => !File.Exists(directory / PlaceOf(x, suite, component))).ToList();
            foreach (var package in added)
                AtomicFile.Write(directory / PlaceOf(package, suite, component), x => File.Copy(package.File, x));
            Index(suite, component, packages);
            Release(suite, key);
            return added;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Describe(e, directory);
        }
    }

    /// <summary>What its indexes name, of all suites.</summary>
    public IReadOnlyList<PublishedPackage> List() =>
    [
        .. Indexes().SelectMany(index => ReadStanzas(index).Values.Select(ControlFields.Parse).Select(x =>
            new PublishedPackage(ShownAs(index), x["Package"], x["Version"],
                x.GetValueOrDefault("Depends", "").Split(", ", StringSplitOptions.RemoveEmptyEntries),
                File.GetLastWriteTimeUtc(directory / x["Filename"])))),
    ];

    /// <summary>Takes packages out: from the indexes first, so that nobody is told of what is not there.</summary>
    public async Task RemoveAsync(IReadOnlyList<PublishedPackage> packages, OpenPgpKey key,
        Func<IDisposable>? onWait = null)
    {
        using var held = await FileLock.AcquireAsync(LockFile, onWait);
        var gone = new HashSet<string>();
        foreach (var index in Indexes())
        {
            var stanzas = ReadStanzas(index);
            var of = packages.Where(x => x.Index == ShownAs(index)).Select(x => (x.Name, x.Version)).ToHashSet();
            var removed = stanzas.Where(x => ControlFields.Parse(x.Value) is var y
                && of.Contains((y["Package"], y["Version"]))).ToList();
            if (removed.Count == 0) continue;
            foreach (var (name, stanza) in removed)
            {
                stanzas.Remove(name);
                gone.Add(ControlFields.Parse(stanza)["Filename"]);
            }

            WriteStanzas(index, stanzas);
        }

        foreach (var suite in Directory.GetDirectories(directory / "dists")) Release(Path.GetFileName(suite), key);
        // The index of another architecture may still name it.
        gone.ExceptWith(Indexes().SelectMany(x => ReadStanzas(x).Values)
            .Select(x => ControlFields.Parse(x)["Filename"]));
        foreach (var file in gone) File.Delete(directory / file);
    }

    IReadOnlyList<AbsolutePath> Indexes() => !Directory.Exists(directory / "dists") ? []
        : [.. Directory.GetFiles(directory / "dists", Packages, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x)];

    string ShownAs(AbsolutePath index) => Path.GetRelativePath(directory / "dists", index.Parent!);

    /// <remarks>Built on another distribution, the same version is another package.</remarks>
    static string PlaceOf(DebFile package, string suite, string component) =>
        $"pool/{suite}/{component}/{package.Source}/{Path.GetFileName(package.File)}";

    Problem? ProblemOf(DebFile package, string suite, string component)
    {
        var there = directory / PlaceOf(package, suite, component);
        return !File.Exists(there) || Digest.OfFile(there) == Digest.OfFile(package.File) ? null : new Problem(
            $"{package.Name} {package.Version} is in the repository with other bytes", there,
            Expected: $"those of {package.File}",
            Remedy: "Raise --package-revision: what was published stays what it is");
    }

    /// <summary>
    /// Adds the stanzas of packages to the indexes of their architectures; those of all to every one.
    /// </summary>
    void Index(string suite, string component, IReadOnlyList<DebFile> packages)
    {
        var root = SuiteDirectory(suite) / component;
        var there = Directory.Exists(root) ? Directory.GetDirectories(root, "binary-*") : [];
        var architectures = packages.Select(x => x.Architecture)
            .Union(there.Select(x => Path.GetFileName(x)["binary-".Length..])).Where(x => x != "all").ToList();
        foreach (var architecture in architectures)
        {
            var index = root / $"binary-{architecture}" / Packages;
            var stanzas = ReadStanzas(index);
            foreach (var package in packages.Where(x => x.Architecture is "all" || x.Architecture == architecture))
                stanzas[$"{package.Name} {package.Version} {package.Architecture}"] =
                    StanzaOf(package, suite, component);
            WriteStanzas(index, stanzas);
        }
    }

    static void WriteStanzas(AbsolutePath index, SortedDictionary<string, string> stanzas)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(stanzas.Select(x => x.Value + "\n")));
        WriteIndex(index, text);
        WriteIndex($"{index}.gz", Compressed(text));
    }

    static SortedDictionary<string, string> ReadStanzas(AbsolutePath index)
    {
        var stanzas = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(index)) return stanzas;
        foreach (var stanza in File.ReadAllText(index).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = ControlFields.Parse(stanza);
            stanzas[$"{fields["Package"]} {fields["Version"]} {fields["Architecture"]}"] = stanza.TrimEnd('\n') + "\n";
        }

        return stanzas;
    }

    static string StanzaOf(DebFile package, string suite, string component) =>
        $"{package.Control}Filename: {PlaceOf(package, suite, component)}\nSize: {new FileInfo(package.File).Length}\n"
        + $"SHA256: {HexOf(Digest.OfFile(package.File))}\n";

    /// <summary>First under its digest, for who has read the new <c>InRelease</c>; then under its name.</summary>
    static void WriteIndex(AbsolutePath index, byte[] content)
    {
        var byHash = index.Parent! / "by-hash" / "SHA256";
        AtomicFile.Write(byHash / HexOf(Digest.OfBytes(content)), x => File.WriteAllBytes(x, content));
        AtomicFile.Write(index, x => File.WriteAllBytes(x, content));
    }

    void Release(string suite, OpenPgpKey key)
    {
        var root = SuiteDirectory(suite);
        var indexes = FileTree.Entries(root).Where(x => x.Entry is FileInfo && Path.GetFileName(x.Name)
            is Packages or $"{Packages}.gz").Select(x => x.Name).Order(StringComparer.Ordinal).ToList();
        var places = indexes.Select(x => x.Split('/')).ToList();
        var date = DateTime.UtcNow.ToString("ddd, dd MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Origin: openstack-images\nLabel: openstack-images\n")
            .Append(CultureInfo.InvariantCulture, $"Suite: {suite}\nCodename: {suite}\nDate: {date}\n")
            .Append("Acquire-By-Hash: yes\n")
            .Append("Architectures: ").AppendJoin(' ', places.Select(x => x[1]["binary-".Length..]).Distinct())
            .Append("\nComponents: ").AppendJoin(' ', places.Select(x => x[0]).Distinct())
            .Append("\nDescription: OpenStack services, built from source with patches\nSHA256:\n");
        foreach (var index in indexes)
            text.Append(CultureInfo.InvariantCulture,
                $" {HexOf(Digest.OfFile(root / index))} {new FileInfo(root / index).Length} {index}\n");
        var release = Encoding.UTF8.GetBytes(text.ToString());
        AtomicFile.Write(directory / KeyFile, x => File.WriteAllBytes(x, key.PublicKey()));
        AtomicFile.Write(root / "Release", x => File.WriteAllBytes(x, release));
        AtomicFile.Write(root / "Release.gpg", x => File.WriteAllBytes(x, key.Sign(release)));
        // Last: what apt reads first.
        AtomicFile.Write(root / "InRelease", x => File.WriteAllBytes(x, key.ClearSign(release)));
        foreach (var index in indexes) RemoveEarlier((root / index).Parent! / "by-hash" / "SHA256");
    }

    static void RemoveEarlier(AbsolutePath byHash)
    {
        foreach (var file in new DirectoryInfo(byHash).GetFiles().OrderByDescending(x => x.LastWriteTimeUtc)
            .ThenBy(x => x.Name, StringComparer.Ordinal).Skip(KeptGenerations * 2)) file.Delete();
    }

    /// <summary>An index as repositories of all formats pack it.</summary>
    internal static byte[] Compressed(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize)) gzip.Write(content);
        return output.ToArray();
    }

    static string HexOf(string digest) => digest["sha256:".Length..];
}
