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

/// <summary>Clamps the times in layers to an epoch and packs them.</summary>
/// <param name="layout">The layout that they go into.</param>
/// <param name="epoch">The source date epoch.</param>
/// <param name="compress">Whether they are packed with gzip.</param>
/// <param name="earlier">A layout with layers that were packed before.</param>
sealed class LayerPacker(AbsolutePath layout, DateTimeOffset epoch, bool compress, AbsolutePath? earlier)
{
    /// <summary>Beside the earlier layout: which layer, as BuildKit exports it, became which.</summary>
    readonly AbsolutePath? _memoryFile = MemoryOf(earlier);

    readonly Dictionary<string, PackedLayer> _packed = [];

    readonly Dictionary<string, PackedLayer> _known = MemoryOf(earlier) is { } file && File.Exists(file)
        ? JsonSerializer.Deserialize<Dictionary<string, PackedLayer>>(File.ReadAllText(file))!
        : [];

    /// <summary>Packs a layer, or takes it from the earlier layout. Several may be packed at once.</summary>
    /// <param name="blob">File of the layer as it was exported.</param>
    /// <param name="digest">Its digest.</param>
    public PackedLayer Pack(AbsolutePath blob, string digest)
    {
        // The same content clamped to another epoch, or packed otherwise, is another layer.
        var key = $"{digest} {epoch.ToUnixTimeSeconds()} "
            + $"{(compress ? OciMediaTypes.GzipLayer : OciMediaTypes.Layer)} {BlockGzipStream.Packing}";
        var layer = Reuse(key) ?? Write(blob);
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

    PackedLayer Write(AbsolutePath blob)
    {
        AbsolutePath aside = $"{layout}/blobs/{blob.Name}.part";
        using var file = new HashingStream(new FileStream(aside, FileMode.CreateNew, FileAccess.Write,
            FileShare.None, 1 << 16));
        var diffId = Copy(Open(blob), file);
        var layer = new PackedLayer(compress ? OciMediaTypes.GzipLayer : OciMediaTypes.Layer, file.Digest,
            file.Length, diffId);
        file.Flush();
        File.Move(aside, ReproducibleImage.BlobIn(layout, layer.Digest), overwrite: true);
        return layer;
    }

    string Copy(Stream tar, HashingStream file)
    {
        using var input = tar;
        if (!compress)
        {
            TarTimes.Clamp(input, file, epoch.ToUnixTimeSeconds());
            return file.Digest;
        }

        using var content = new HashingStream(new BlockGzipStream(file, level: 5));
        TarTimes.Clamp(input, content, epoch.ToUnixTimeSeconds());
        return content.Digest;
    }
}
