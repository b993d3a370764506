using System.Text;
using OpenStack.Constraints;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Layers;

/// <summary>
/// Which package each file belongs to that an image adds to its base: by the lists of dpkg, where the file is what the
/// package says, and by the RECORD of Python distributions. Byte code belongs to whom its source does.
/// </summary>
sealed class FileOwners
{
    /// <summary>The virtual environment.</summary>
    public const string Environment = "var/lib/openstack/";

    const string Info = "var/lib/dpkg/info/";
    const string Status = "var/lib/dpkg/status";
    const string Diversions = "var/lib/dpkg/diversions";
    const string Cache = "/__pycache__/";

    readonly ImageTree _changes;
    readonly ImageTree _below;
    readonly Dictionary<string, string> _directories = new(StringComparer.Ordinal);
    readonly Dictionary<string, OwnedFile> _byPath = new(StringComparer.Ordinal);

    FileOwners(ImageTree changes, ImageTree below) => (_changes, _below) = (changes, below);

    /// <summary>What this needs of the files of an image.</summary>
    public static LayerReading Reading { get; } = new(x => x is Status or Diversions
        || (x.StartsWith(Info, StringComparison.Ordinal) && (x.EndsWith(".list", StringComparison.Ordinal)
            || x.EndsWith(".md5sums", StringComparison.Ordinal)))
        || (x.StartsWith(Environment, StringComparison.Ordinal)
            && x.EndsWith(".dist-info/RECORD", StringComparison.Ordinal)))
    {
        Attributes = true,
        Search = x => x.StartsWith(Environment, StringComparison.Ordinal) ? null : new Md5(),
    };

    /// <summary>The files that belong to a package, and to one alone; those of the base are none of them.</summary>
    /// <param name="changes">What the image adds to its base.</param>
    /// <param name="below">Everything in the base.</param>
    public static IReadOnlyDictionary<ImageNode, OwnedFile> Of(ImageTree changes, ImageTree below)
    {
        var owners = new FileOwners(changes, below);
        owners.AddDebian();
        owners.AddPython();
        return owners.Find();
    }

    Dictionary<ImageNode, OwnedFile> Find()
    {
        var found = new Dictionary<ImageNode, OwnedFile>();
        var shared = new HashSet<ImageNode>();
        foreach (var (path, node) in _changes.Nodes())
        {
            if (node is not (ImageFile or ImageLink) || shared.Contains(node)) continue;
            var isKnown = found.TryGetValue(node, out var known);
            if (OwnerOf(path) is { } owned && (!isKnown || known.Owner == owned.Owner))
            {
                found[node] = owned;
                continue;
            }

            // A file that has a name of somebody else's, too, is nobody's.
            found.Remove(node);
            shared.Add(node);
        }

        return found;
    }

    OwnedFile? OwnerOf(string path)
    {
        if (_byPath.TryGetValue(path, out var owned)) return owned;
        // That of a package is in no list: triggers write it.
        var cache = path.LastIndexOf(Cache, StringComparison.Ordinal);
        if (cache < 0 || !path.EndsWith(".pyc", StringComparison.Ordinal)) return null;
        var name = path[(cache + Cache.Length)..];
        return _byPath.TryGetValue($"{path[..cache]}/{name.Split('.')[0]}.py", out var source)
            ? source with { Time = DividedLayer.SharedTime } : null;
    }

    void AddDebian()
    {
        var (diversions, conffiles) = (ReadDiversions(), ReadConffiles());
        // Names of packages have points, too: python3.13-minimal.list.
        foreach (var package in _changes.Files(Info.TrimEnd('/'))
            .GroupBy(x => x.Path[Info.Length..Math.Max(x.Path.LastIndexOf('.'), Info.Length)]))
        {
            var owner = new FileOwner(OwnerKind.Debian, package.Key.Split(':')[0]);
            if (TextAt($"{Info}{package.Key}.list") is not { } list) continue;
            var sums = Sums(package.Key);
            foreach (var listed in Lines(list))
            {
                var at = Canonical(diversions.TryGetValue(listed, out var diverted) && diverted.By != owner.Name
                    ? diverted.To : listed);
                var sum = sums.GetValueOrDefault(listed.TrimStart('/')) ?? conffiles.GetValueOrDefault(listed);
                if (TimeOf(at, sum) is { } time) _byPath.TryAdd(at, new OwnedFile(owner, time));
            }

            foreach (var (path, _) in package) _byPath[path] = new OwnedFile(owner, DividedLayer.SharedTime);
        }
    }

    /// <summary>
    /// When a file was modified that is what the package says; null where there is no such file, or it was changed.
    /// </summary>
    long? TimeOf(string path, string? sum) => _changes.NodeAt(path) switch
    {
        ImageLink => DividedLayer.SharedTime,
        ImageFile { Search: Md5 md5 } file when sum == md5.Digest => file.Entry!.Attributes!.Time,
        _ => null,
    };

    Dictionary<string, string> Sums(string package)
    {
        // A checksum, two blanks and the path.
        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Lines(TextAt($"{Info}{package}.md5sums") ?? "").Where(x => x.Length > 34))
            sums[line[34..]] = line[..32];
        return sums;
    }

    /// <summary>Checksums of configuration files, which are in no list of sums (deb-conffiles(5)).</summary>
    Dictionary<string, string> ReadConffiles()
    {
        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var stanza in (TextAt(Status) ?? "").Split("\n\n"))
        {
            foreach (var line in Lines(ControlFields.Parse(stanza).GetValueOrDefault("Conffiles", "")))
            {
                if (line.Split(' ') is [var path, var sum, ..]) sums[path] = sum;
            }
        }

        return sums;
    }

    /// <summary>Which paths of packages lie elsewhere, and whose files stay where they are (dpkg-divert(1)).</summary>
    Dictionary<string, (string To, string By)> ReadDiversions() =>
        Lines(TextAt(Diversions) ?? "").Chunk(3).Where(x => x.Length == 3)
            .DistinctBy(x => x[0]).ToDictionary(x => x[0], x => (x[1], x[2]), StringComparer.Ordinal);

    void AddPython()
    {
        foreach (var (path, file) in _changes.Files(Environment.TrimEnd('/')))
        {
            if (file.Content is null || path.Split('/') is not [.. var site, var info, "RECORD"]) continue;
            var owner = new FileOwner(OwnerKind.Python, PythonName.Of(info.Split('-')[0]).Value);
            foreach (var name in RecordFile.Paths(Encoding.UTF8.GetString(file.Content)))
            {
                var at = name.StartsWith('/') ? name : $"{string.Join('/', site)}/{name}";
                _byPath.TryAdd(ImageTree.Normalize(at), new OwnedFile(owner, DividedLayer.SharedTime));
            }
        }
    }

    /// <summary>
    /// Where a path leads to by the links to its directories: <c>/lib</c> is one in most distributions.
    /// </summary>
    string Canonical(string path)
    {
        path = ImageTree.Normalize(path);
        var end = path.LastIndexOf('/');
        if (end < 0) return path;
        var directory = path[..end];
        if (!_directories.TryGetValue(directory, out var canonical))
            _directories[directory] = canonical = DirectoryOf(directory);
        return $"{canonical}/{path[(end + 1)..]}";
    }

    string DirectoryOf(string path)
    {
        var parts = new Stack<string>(path.Split('/').Reverse());
        var at = "";
        for (var links = 0; parts.TryPop(out var part);)
        {
            var next = ImageTree.Normalize($"{at}/{part}");
            if ((_changes.NodeAt(next) ?? _below.NodeAt(next)) is ImageLink link && ++links < ImageTree.MostLinks)
            {
                if (link.Target.StartsWith('/')) at = "";
                foreach (var step in link.Target.Split('/').Reverse()) parts.Push(step);
            }
            else
            {
                at = next;
            }
        }

        return at;
    }

    string? TextAt(string path) =>
        _changes.FindItself(path) is { Content: { } content } ? Encoding.UTF8.GetString(content) : null;

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
