using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// The files of an image as a container would find them: its layers laid over one another (OCI image specification 1.1, layer.md,
/// "Applying Changesets"). It is in memory alone; of most files it has the digest, of those asked for the content.
/// </summary>
public sealed class ImageTree
{
    const string Whiteout = ".wh.";
    const string Opaque = ".wh..wh..opq";

    /// <summary>As many links as Linux follows.</summary>
    const int MostLinks = 40;

    readonly ImageDirectory _root = new();

    /// <summary>Files that nobody asked for, but for links to them.</summary>
    readonly HashSet<ImageFile> _wanted = [];

    ImageTree()
    {
    }

    /// <summary>Reads an image; each layer once, several at a time, nothing unpacked.</summary>
    /// <param name="keep">Whether the content of a file at a path without <c>/</c> at its start is wanted.</param>
    /// <param name="digests">Whether the digests of all files are.</param>
    /// <param name="search">What is to look into a file at such a path; null for nothing.</param>
    /// <exception cref="ProblemException">A layer is missing or cannot be read.</exception>
    public static ImageTree Read(
        OciLayout layout, OciManifest manifest, Func<string, bool> keep, bool digests = false,
        Func<string, IContentSearch?>? search = null)
    {
        var entries = new IReadOnlyList<LayerEntry>[manifest.Layers.Count];
        // The largest first: it decides how long all of them take. Waited for in this way, the first problem comes as it is.
        Parallel.ForEachAsync(Enumerable.Range(0, entries.Length).OrderByDescending(x => manifest.Layers[x].Size), (i, _) =>
        {
            entries[i] = LayerEntries.Read(layout, manifest.Layers[i], keep, digests, search);
            return ValueTask.CompletedTask;
        }).GetAwaiter().GetResult();

        var tree = new ImageTree();
        for (var i = 0; i < entries.Length; i++) tree.Apply(i, entries[i], keep);
        tree.ReadWhatLinksNeed(layout, manifest);
        return tree;
    }

    /// <summary>The file at a path, symbolic links followed; null where there is none.</summary>
    public ImageFile? Find(string path) => Resolve(Split(path)) as ImageFile;

    /// <summary>The file at a path that is itself no link; links to the directories it is in are followed.</summary>
    public ImageFile? FindItself(string path)
    {
        var parts = Split(path);
        return parts.Count > 0 && Resolve(parts.SkipLast(1)) is ImageDirectory directory ? directory.Children.GetValueOrDefault(parts[^1]) as ImageFile : null;
    }

    /// <summary>A path without <c>/</c> at its start, and without what leads nowhere: <c>./</c>, <c>name/../</c>.</summary>
    public static string Normalize(string path) => string.Join('/', Split(path));

    /// <summary>All files with their paths, without <c>/</c> at their start, in ordinal order of their names, directory by directory.</summary>
    public IEnumerable<(string Path, ImageFile File)> Files(string directory = "") =>
        Resolve(Split(directory)) is ImageDirectory found ? Files(found, directory.Length == 0 ? "" : directory + "/") : [];

    static IEnumerable<(string Path, ImageFile File)> Files(ImageDirectory directory, string prefix)
    {
        // A stack of our own: nested iterators would cost their depth for each file.
        var open = new Stack<IEnumerator<(string, ImageNode)>>([Sorted(directory, prefix)]);
        while (open.TryPeek(out var entries))
        {
            if (!entries.MoveNext()) open.Pop().Dispose();
            else if (entries.Current is (var path, ImageFile file)) yield return (path, file);
            else if (entries.Current is (var name, ImageDirectory child)) open.Push(Sorted(child, name + "/"));
        }
    }

    static IEnumerator<(string, ImageNode)> Sorted(ImageDirectory directory, string prefix) =>
        directory.Children.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => (prefix + x.Key, x.Value)).GetEnumerator();

    void Apply(int layer, IReadOnlyList<LayerEntry> entries, Func<string, bool> keep)
    {
        // What a layer removes is of the layers below, wherever in the layer it says so.
        foreach (var entry in entries)
        {
            if (!IsWhiteout(entry) || Split(entry.Path) is not [.. var parents, var name] || At(parents) is not ImageDirectory directory) continue;
            if (name == Opaque) directory.Children.Clear();
            else directory.Children.Remove(name[Whiteout.Length..]);
        }

        foreach (var entry in entries)
        {
            if (IsWhiteout(entry) || Split(entry.Path) is not [.. var parents, var name]) continue;
            Add(layer, entry, parents, name);
            if (entry.Kind == TarKind.HardLink && keep(entry.Path) && At(Split(entry.Path)) is ImageFile { Content: null } file) _wanted.Add(file);
        }
    }

    static bool IsWhiteout(LayerEntry entry) => entry.Path.AsSpan(entry.Path.TrimEnd('/').LastIndexOf('/') + 1).StartsWith(Whiteout, StringComparison.Ordinal);

    void Add(int layer, LayerEntry entry, IEnumerable<string> parents, string name)
    {
        var directory = _root;
        foreach (var part in parents)
        {
            if (directory.Children.GetValueOrDefault(part) is not ImageDirectory child) directory.Children[part] = child = new ImageDirectory();
            directory = child;
        }

        ImageNode? node = entry.Kind switch
        {
            TarKind.File => new ImageFile(layer, entry.Path)
            {
                Digest = entry.Digest,
                Content = entry.Content,
                Size = entry.Size,
                Search = entry.Search,
            },
            TarKind.HardLink => At(Split(entry.Link)) as ImageFile,
            TarKind.SymbolicLink => new ImageLink(entry.Link),
            TarKind.Directory => directory.Children.GetValueOrDefault(name) as ImageDirectory ?? new ImageDirectory(),
            _ => null,
        };
        if (node is null) directory.Children.Remove(name);
        else directory.Children[name] = node;
    }

    /// <summary>A file that is wanted may be a link to one that nobody asked for: those few are read in a second round.</summary>
    void ReadWhatLinksNeed(OciLayout layout, OciManifest manifest)
    {
        foreach (var files in _wanted.GroupBy(x => x.Layer))
        {
            var paths = files.ToLookup(x => x.LayerPath, StringComparer.Ordinal);
            foreach (var entry in LayerEntries.Read(layout, manifest.Layers[files.Key], paths.Contains, digests: false))
            {
                foreach (var file in paths[entry.Path]) file.Content = entry.Content;
            }
        }
    }

    ImageNode? At(IEnumerable<string> parts)
    {
        ImageNode? node = _root;
        foreach (var part in parts) node = (node as ImageDirectory)?.Children.GetValueOrDefault(part);
        return node;
    }

    ImageNode? Resolve(IEnumerable<string> parts)
    {
        var left = new Stack<string>(parts.Reverse());
        var (above, node, links) = (new Stack<ImageDirectory>(), (ImageNode)_root, 0);
        while (left.TryPop(out var part))
        {
            if (node is not ImageDirectory directory) return null;
            if (part == "..")
            {
                node = above.TryPop(out var parent) ? parent : _root;
                continue;
            }

            if (!directory.Children.TryGetValue(part, out var child)) return null;
            if (child is not ImageLink link)
            {
                above.Push(directory);
                node = child;
                continue;
            }

            if (++links > MostLinks) return null;
            if (link.Target.StartsWith('/')) (node, above) = (_root, new Stack<ImageDirectory>());
            foreach (var step in link.Target.Split('/').Where(x => x is not ("" or ".")).Reverse()) left.Push(step);
        }

        return node;
    }

    /// <summary>The names in a path; it leads nowhere above the root.</summary>
    static List<string> Split(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        return parts;
    }
}

/// <summary>Something in the tree of an image.</summary>
public abstract class ImageNode;

sealed class ImageDirectory : ImageNode
{
    public Dictionary<string, ImageNode> Children { get; } = new(StringComparer.Ordinal);
}

sealed class ImageLink(string target) : ImageNode
{
    public string Target => target;
}

/// <summary>A file of an image; two names of one file have one.</summary>
/// <param name="layer">Which of the manifest's layers it is from, from 0.</param>
/// <param name="layerPath">Its path there, as written.</param>
public sealed class ImageFile(int layer, string layerPath) : ImageNode
{
    /// <summary>Which of the manifest's layers it is from, from 0.</summary>
    public int Layer => layer;

    /// <summary>In bytes.</summary>
    public long Size { get; init; }

    /// <summary>SHA-256 of its content, where digests were asked for.</summary>
    public byte[]? Digest { get; init; }

    /// <summary>Its content, where that was asked for.</summary>
    public byte[]? Content { get; internal set; }

    /// <summary>What looked into it, where something did.</summary>
    public IContentSearch? Search { get; init; }

    internal string LayerPath => layerPath;
}
