using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// The files of an image as a container would find them: its layers laid over one another (OCI image specification 1.1,
/// layer.md, "Applying Changesets"). It is in memory alone; of most files it has the digest, of those asked for the
/// content.
/// </summary>
public sealed class ImageTree
{
    const string Whiteout = ".wh.";
    const string Opaque = ".wh..wh..opq";

    /// <summary>As many links as Linux follows.</summary>
    internal const int MostLinks = 40;

    readonly ImageDirectory _root = new();

    /// <summary>Files that nobody asked for, but for links to them.</summary>
    readonly HashSet<ImageFile> _wanted = [];

    ImageTree()
    {
    }

    internal ImageDirectory Root => _root;

    /// <summary>Reads an image; each layer once, several at a time, nothing unpacked.</summary>
    /// <param name="keep">Whether the content of a file at a path without <c>/</c> at its start is wanted.</param>
    /// <param name="digests">Whether the digests of all files are.</param>
    /// <param name="search">What is to look into a file at such a path; null for nothing.</param>
    /// <exception cref="ProblemException">A layer is missing or cannot be read.</exception>
    public static ImageTree Read(
        OciLayout layout, OciManifest manifest, Func<string, bool> keep, bool digests = false,
        Func<string, IContentSearch?>? search = null) =>
        Read(layout, manifest, new LayerReading(keep) { Digests = digests, Search = search });

    /// <summary>Reads what some layers change of those below them.</summary>
    /// <param name="manifest">With those layers alone.</param>
    internal static ImageTree Read(OciLayout layout, OciManifest manifest, LayerReading reading)
    {
        var entries = new IReadOnlyList<LayerEntry>[manifest.Layers.Count];
        // The largest first: it decides how long all of them take. Waited for in this way, the first problem comes as
        // it is.
        Parallel.ForEachAsync(Enumerable.Range(0, entries.Length).OrderByDescending(x => manifest.Layers[x].Size),
            (i, _) =>
            {
                entries[i] = LayerEntries.Read(layout, manifest.Layers[i], reading);
                return ValueTask.CompletedTask;
            }).GetAwaiter().GetResult();

        var tree = new ImageTree();
        for (var i = 0; i < entries.Length; i++)
        {
            try
            {
                tree.Apply(i, entries[i], reading.Keep);
            }
            catch (InvalidDataException e)
            {
                throw layout.Unreadable(manifest.Layers[i], e);
            }
        }

        tree.ReadWhatLinksNeed(layout, manifest);
        return tree;
    }

    /// <summary>The file at a path, symbolic links followed; null where there is none.</summary>
    public ImageFile? Find(string path) => Resolve(Split(path)) as ImageFile;

    /// <summary>The file at a path that is itself no link; links to the directories it is in are followed.</summary>
    public ImageFile? FindItself(string path) => LinkedIn(_root, path) as ImageFile;

    /// <summary>
    /// A path without <c>/</c> at its start, and without what leads nowhere: <c>./</c>, <c>name/../</c>.
    /// </summary>
    public static string Normalize(string path) => string.Join('/', Split(path));

    /// <summary>
    /// All files with their paths, without <c>/</c> at their start, in ordinal order of their names, directory by
    /// directory.
    /// </summary>
    public IEnumerable<(string Path, ImageFile File)> Files(string directory = "") =>
        Resolve(Split(directory)) is ImageDirectory found
            ? Files(found, directory.Length == 0 ? "" : directory + "/")
            : [];

    static IEnumerable<(string Path, ImageFile File)> Files(ImageDirectory directory, string prefix)
    {
        foreach (var (path, node) in Nodes(directory, prefix))
        {
            if (node is ImageFile file) yield return (path, file);
        }
    }

    /// <summary>Everything with its path, in the same order, a directory before what is in it.</summary>
    internal IEnumerable<(string Path, ImageNode Node)> Nodes() => Nodes(_root, "");

    static IEnumerable<(string Path, ImageNode Node)> Nodes(ImageDirectory directory, string prefix)
    {
        // A stack of our own: nested iterators would cost their depth for each file.
        var open = new Stack<IEnumerator<(string Path, ImageNode Node)>>([Sorted(directory, prefix)]);
        while (open.TryPeek(out var entries))
        {
            if (!entries.MoveNext())
            {
                open.Pop().Dispose();
                continue;
            }

            var current = entries.Current;
            yield return current;
            if (current.Node is ImageDirectory child) open.Push(Sorted(child, current.Path + "/"));
        }
    }

    /// <summary>
    /// What a path is, no link followed, not even to the directories it is in; null where it is nothing.
    /// </summary>
    internal ImageNode? NodeAt(string path)
    {
        ImageNode? node = _root;
        foreach (var part in Split(path)) node = (node as ImageDirectory)?.Children.GetValueOrDefault(part);
        return node;
    }

    static IEnumerator<(string Path, ImageNode Node)> Sorted(ImageDirectory directory, string prefix) =>
        directory.Children.OrderBy(x => x.Key, StringComparer.Ordinal)
            .Select(x => (prefix + x.Key, x.Value))
            .GetEnumerator();

    /// <summary>
    /// Unpacks a layer by itself and lays it over what is there, as containerd's overlay snapshotter and Docker's
    /// overlay2 do: a path through a symbolic link of the same layer leads where that leads; through one of a lower
    /// layer it makes a directory, which hides the link. (Who unpacks layers into one directory, as umoci does, follows
    /// both. Containers of the engines decide.)
    /// </summary>
    /// <exception cref="InvalidDataException">A path that no engine unpacks.</exception>
    void Apply(int layer, IReadOnlyList<LayerEntry> entries, Func<string, bool> keep)
    {
        var upper = new ImageDirectory();
        foreach (var entry in entries)
        {
            if (Split(entry.Path) is not [.. var parents, var name]) continue;
            var directory = OpenForEntry(upper, parents, entry.Path);
            // What a layer removes is of the layers below, wherever in the layer it says so.
            if (name == Opaque) directory.HidesBelow = true;
            else if (name.StartsWith(Whiteout, StringComparison.Ordinal)) directory.Hide(name[Whiteout.Length..]);
            else Add(upper, layer, entry, directory, name);
        }

        LayOver(_root, upper);
        foreach (var entry in entries.Where(x => x.Kind == TarKind.HardLink && keep(x.Path)))
        {
            if (FindItself(entry.Path) is { Content: null } file) _wanted.Add(file);
        }
    }

    /// <summary>The directory that an entry of a layer is in; what of it the layer has not said yet is made.</summary>
    static ImageDirectory OpenForEntry(ImageDirectory root, IReadOnlyList<string> parents, string path)
    {
        var left = new Stack<string>(parents.Reverse());
        var (above, directory, links) = (new Stack<ImageDirectory>(), root, 0);
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                directory = above.TryPop(out var parent) ? parent : root;
                continue;
            }

            var child = directory.Children.GetValueOrDefault(part);
            if (child is ImageLink link)
            {
                if (++links > MostLinks) throw new InvalidDataException($"{path} leads through too many links");
                if (link.Target.StartsWith('/')) (directory, above) = (root, new Stack<ImageDirectory>());
                foreach (var step in StepsOf(link).Reverse()) left.Push(step);
                continue;
            }

            above.Push(directory);
            if (child is null) directory.Children[part] = child = new ImageDirectory();
            directory = child as ImageDirectory
                ?? throw new InvalidDataException($"{path} is in something that is no directory");
        }

        return directory;
    }

    static void LayOver(ImageDirectory lower, ImageDirectory upper)
    {
        if (upper.HidesBelow)
        {
            lower.Children.Clear();
            lower.HidesBelow = true;
        }

        foreach (var name in upper.Hidden)
        {
            lower.Children.Remove(name);
            lower.Hide(name);
        }

        foreach (var (name, node) in upper.Children)
        {
            var below = lower.Children.GetValueOrDefault(name);
            if (node is ImageDirectory over && below is ImageDirectory under)
            {
                if (over.Entry is not null) (under.Entry, under.Layer) = (over.Entry, over.Layer);
                LayOver(under, over);
                continue;
            }

            // Whatever has lain below that is behind it for good.
            if (node is ImageDirectory made && (below is not null || lower.Hidden.Contains(name)))
                made.HidesBelow = true;
            lower.Children[name] = node;
        }
    }

    static IEnumerable<string> StepsOf(ImageLink link) => link.Target.Split('/').Where(x => x is not ("" or "."));

    void Add(ImageDirectory upper, int layer, LayerEntry entry, ImageDirectory directory, string name)
    {
        ImageNode? node = entry.Kind switch
        {
            TarKind.File => new ImageFile
            {
                Digest = entry.Digest,
                Content = entry.Content,
                Size = entry.Size,
                Search = entry.Search,
            },
            TarKind.HardLink =>
                (LinkedIn(upper, entry.Link) ?? LinkedIn(_root, entry.Link)) is var linked and not ImageDirectory
                ? linked : null,
            TarKind.SymbolicLink => new ImageLink(entry.Link),
            TarKind.Directory => directory.Children.GetValueOrDefault(name) as ImageDirectory ?? new ImageDirectory(),
            _ => new ImageDevice(),
        };
        if (node is not null)
        {
            if (entry.Kind != TarKind.HardLink) (node.Layer, node.Entry) = (layer, entry);
            directory.Children[name] = node;
            return;
        }

        // A link to nothing that is known here; what was there before is not there any more.
        directory.Children.Remove(name);
        directory.Hide(name);
    }

    /// <summary>What a hard link is another name of: a file, or a symbolic link; those to the directories it is in are
    /// followed.</summary>
    static ImageNode? LinkedIn(ImageDirectory root, string path)
    {
        var parts = Split(path);
        return parts.Count > 0 && Resolve(root, parts.SkipLast(1)) is ImageDirectory directory
            ? directory.Children.GetValueOrDefault(parts[^1]) : null;
    }

    /// <summary>
    /// A file that is wanted may be a link to one that nobody asked for: those few are read in a second round.
    /// </summary>
    void ReadWhatLinksNeed(OciLayout layout, OciManifest manifest)
    {
        foreach (var files in _wanted.GroupBy(x => x.Layer))
        {
            var paths = files.ToLookup(x => x.LayerPath, StringComparer.Ordinal);
            foreach (var entry in LayerEntries.Read(layout, manifest.Layers[files.Key],
                new LayerReading(paths.Contains)))
            {
                foreach (var file in paths[entry.Path]) file.Content = entry.Content;
            }
        }
    }

    ImageNode? Resolve(IEnumerable<string> parts) => Resolve(_root, parts);

    static ImageNode? Resolve(ImageDirectory root, IEnumerable<string> parts)
    {
        var left = new Stack<string>(parts.Reverse());
        var (above, node, links) = (new Stack<ImageDirectory>(), (ImageNode)root, 0);
        while (left.TryPop(out var part))
        {
            if (node is not ImageDirectory directory) return null;
            if (part == "..")
            {
                node = above.TryPop(out var parent) ? parent : root;
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
            if (link.Target.StartsWith('/')) (node, above) = (root, new Stack<ImageDirectory>());
            foreach (var step in StepsOf(link).Reverse()) left.Push(step);
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
