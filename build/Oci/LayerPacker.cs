using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>A layer as it is in a layout.</summary>
/// <param name="Type">Media type.</param>
/// <param name="Digest">Of the blob.</param>
/// <param name="Size">Of the blob, in bytes.</param>
/// <param name="DiffId">Digest of the content.</param>
sealed record PackedLayer(string Type, string Digest, long Size, string DiffId);

/// <summary>Packs layers, those that were packed before but once.</summary>
/// <param name="layout">The layout that they go into.</param>
/// <param name="packing">How they are packed.</param>
/// <param name="earlier">A layout with layers that were packed before.</param>
sealed class LayerPacker(AbsolutePath layout, LayerPacking packing, AbsolutePath? earlier)
{
    /// <summary>Beside the earlier layout: which layer became which.</summary>
    readonly AbsolutePath? _memoryFile = MemoryOf(earlier);

    readonly Dictionary<string, PackedLayer> _packed = [];

    readonly Dictionary<string, PackedLayer> _known = MemoryOf(earlier) is { } file && File.Exists(file)
        ? JsonSerializer.Deserialize<Dictionary<string, PackedLayer>>(File.ReadAllText(file))!
        : [];

    /// <summary>
    /// Clamps the times in a layer and packs it, or takes it from the earlier layout. Several may be packed at once.
    /// </summary>
    /// <param name="blob">File of the layer as it was exported.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="epoch">What no time in it is later than, in seconds since 1970.</param>
    public PackedLayer Pack(AbsolutePath blob, string digest, long epoch) => Pack($"{digest} {epoch}", output =>
    {
        using var tar = Open(blob);
        TarTimes.Clamp(tar, output, epoch);
    });

    /// <summary>Packs a layer, or takes it from the earlier layout. Several may be packed at once.</summary>
    /// <param name="of">What the layer is a function of.</param>
    /// <param name="write">Writes it.</param>
    public PackedLayer Pack(string of, Action<Stream> write)
    {
        // The same content packed otherwise is another layer.
        var key = $"{of} {packing.Key}";
        var layer = Reuse(key) ?? Write(write);
        lock (_packed) _packed[key] = layer;
        return layer;
    }

    /// <summary>For the next time.</summary>
    public void Remember()
    {
        if (_memoryFile is not null) AtomicFile.WriteText(_memoryFile, JsonSerializer.Serialize(_packed));
    }

    static AbsolutePath? MemoryOf(AbsolutePath? layout) => layout is null ? null : $"{layout}.packed-layers.json";

    PackedLayer? Reuse(string key)
    {
        if (!_known.TryGetValue(key, out var layer) || !File.Exists(ReproducibleImage.BlobIn(earlier!, layer.Digest)))
            return null;
        File.Copy(ReproducibleImage.BlobIn(earlier!, layer.Digest), ReproducibleImage.BlobIn(layout, layer.Digest));
        return layer;
    }

    /// <summary>What an engine has met before, packed otherwise by somebody else, it may export as that.</summary>
    static Stream Open(AbsolutePath blob)
    {
        var file = new FileStream(blob, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            return LayerContent.Open(file);
        }
        catch (InvalidDataException e)
        {
            file.Dispose();
            throw new ProblemException($"The layer {blob.Name} in the builder's cache cannot be read: {e.Message}",
                "Run again with --no-cache, or prune the cache of the builder", e);
        }
    }

    PackedLayer Write(Action<Stream> write)
    {
        AbsolutePath aside = $"{layout}/blobs/{Guid.NewGuid():N}.part";
        using var file = new HashingStream(new FileStream(aside, FileMode.CreateNew, FileAccess.Write,
            FileShare.None, 1 << 16));
        string diffId;
        using (var content = new HashingStream(packing.Open(file)))
        {
            write(content);
            diffId = content.Digest;
        }

        var layer = new PackedLayer(packing.MediaType, file.Digest, file.Length, diffId);
        file.Flush();
        File.Move(aside, ReproducibleImage.BlobIn(layout, layer.Digest), overwrite: true);
        return layer;
    }
}
