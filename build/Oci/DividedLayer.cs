using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenStack.Oci;

/// <summary>An entry of a layer that is made of other layers.</summary>
/// <param name="Link">Target of a link.</param>
/// <param name="Time">When it was modified, in seconds since 1970.</param>
/// <param name="Source">Which of the other layers has its content.</param>
/// <param name="Offset">Where it is there, unpacked.</param>
readonly record struct DividedEntry(
    string Path, TarKind Kind, string Link, long Size, TarAttributes Attributes, long Time, int Source, long Offset);

/// <summary>
/// A layer that is made of others: whatever steps have made those, what is in it is what belongs together.
/// </summary>
/// <param name="description">For people who look at the history of the image.</param>
/// <param name="changes">What the image adds to its base.</param>
/// <param name="below">Everything in the base.</param>
sealed class DividedLayer(string description, ImageTree changes, ImageTree below)
{
    /// <summary>
    /// When directories and links in layers that images share were modified: the first second that all archives can say
    /// (zip). Any other would be that of one of the images.
    /// </summary>
    public const long SharedTime = 315_532_800;

    readonly List<DividedEntry> _entries = [];
    readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    readonly Dictionary<ImageFile, string> _names = [];

    public string Description => description;

    /// <summary>In an order in which nothing comes before the directory that it is in.</summary>
    public IReadOnlyList<DividedEntry> Entries => _entries;

    /// <summary>
    /// Divides what an image adds to its base: laid over it, the layers are what the image was, entry for entry.
    /// </summary>
    /// <param name="epoch">What nothing in the last layer is later than, in seconds since 1970.</param>
    /// <returns>The layers, lowest first; none is empty.</returns>
    public static IReadOnlyList<DividedLayer> Divide(
        ILayerDivision division, ImageTree changes, ImageTree below, long epoch)
    {
        var parts = division.Divide(changes, below);
        var layers = parts.Select(x => new DividedLayer(x.Description, changes, below)).ToList();
        var last = new DividedLayer("what belongs to no package", changes, below);
        layers.Add(last);
        var placed = parts.Zip(layers).SelectMany(x => x.First.Times.Select(y => (y.Key, (x.Second, y.Value))))
            .ToDictionary(x => x.Key, x => x.Item2);
        foreach (var (path, node) in changes.Nodes().Where(x => x.Node is not ImageDirectory))
        {
            var (layer, time) = placed.TryGetValue(node, out var place)
                ? place : (last, Math.Min(node.Entry!.Attributes!.Time, epoch));
            layer.Add(path, node, time);
        }

        foreach (var (path, node) in changes.Nodes())
        {
            if (node is ImageDirectory directory) last.Complete(path, directory, layers);
        }

        last.AddWhiteouts("", changes.Root, below.Root);
        return [.. layers.Where(x => x._entries.Count > 0)];
    }

    /// <summary>What the layer is a function of.</summary>
    /// <param name="sources">Digests of the layers that it is made of.</param>
    public string KeyOf(IReadOnlyList<string> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var x in _entries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{x.Path}\0{x.Kind}\0{x.Link}\0{x.Size}\0{x.Time}\0{sources[x.Source]}\0{x.Offset}\0")));
            x.Attributes.AddTo(hash);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>Writes it.</summary>
    /// <param name="content">The layers that it is made of.</param>
    public void WriteTo(Stream output, UnpackedLayers content)
    {
        var tar = new TarOutput(output);
        foreach (var x in _entries)
        {
            tar.Write(x.Path, x.Kind, x.Link, x.Size, x.Attributes, x.Time);
            if (x.Kind != TarKind.File) continue;
            content.CopyTo(output, x.Source, x.Offset, x.Size);
            tar.Pad(x.Size);
        }

        tar.End();
    }

    void Add(string path, ImageNode node, long time)
    {
        AddParents(path);
        var entry = node.Entry!;
        var (kind, link) = node switch
        {
            ImageFile file when _names.TryGetValue(file, out var name) => (TarKind.HardLink, name),
            ImageFile => (TarKind.File, ""),
            ImageLink to => (TarKind.SymbolicLink, to.Target),
            _ => (TarKind.Other, ""),
        };
        if (kind == TarKind.File) _names[(ImageFile)node] = path;
        _entries.Add(new DividedEntry(path, kind, link, kind == TarKind.File ? entry.Size : 0, entry.Attributes!, time,
            node.Layer, entry.Offset));
    }

    /// <summary>
    /// Every layer says all of the way to what is in it: engines that unpack a layer by itself would make directories
    /// of their own.
    /// </summary>
    void AddParents(string path)
    {
        for (var at = path.IndexOf('/', StringComparison.Ordinal); at > 0;
            at = path.IndexOf('/', at + 1))
            AddDirectory(path[..at]);
    }

    void AddDirectory(string path)
    {
        if (!_directories.Add(path)) return;
        var attributes = changes.NodeAt(path)?.Entry?.Attributes ?? AttributesBelow(path) ?? TarAttributes.Directory;
        _entries.Add(new DividedEntry(path, TarKind.Directory, "", 0, attributes, SharedTime, 0, 0));
    }

    TarAttributes? AttributesBelow(string path) =>
        below.NodeAt(path) is ImageDirectory directory ? directory.Entry?.Attributes : null;

    /// <summary>A directory that is new or another than in the base, and that no layer has on its way.</summary>
    void Complete(string path, ImageDirectory directory, List<DividedLayer> layers)
    {
        if (layers.Any(x => x._directories.Contains(path))) return;
        var isAsBelow = below.NodeAt(path) is ImageDirectory
            && (directory.Entry is null || AttributesBelow(path)?.IsSame(directory.Entry.Attributes!) == true);
        if (isAsBelow) return;
        AddParents(path);
        AddDirectory(path);
    }

    /// <summary>What of the base is not there any more, each by its name.</summary>
    void AddWhiteouts(string prefix, ImageDirectory over, ImageDirectory under)
    {
        var gone = over.HidesBelow ? under.Children.Keys : over.Hidden.Where(under.Children.ContainsKey);
        foreach (var name in gone.Where(x => !over.Children.ContainsKey(x)).Distinct().Order(StringComparer.Ordinal))
        {
            AddParents(prefix + name);
            _entries.Add(new DividedEntry($"{prefix}.wh.{name}", TarKind.File, "", 0,
                TarAttributes.Directory with { Type = '0', Mode = 0 }, SharedTime, 0, 0));
        }

        foreach (var (name, node) in over.Children.OrderBy(x => x.Key, StringComparer.Ordinal))
        {
            if (node is not ImageDirectory child || under.Children.GetValueOrDefault(name) is not ImageDirectory below)
                continue;
            // What hides a directory hides all that is in it.
            child.HidesBelow |= over.HidesBelow;
            AddWhiteouts($"{prefix}{name}/", child, below);
        }
    }
}
