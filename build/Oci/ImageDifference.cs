using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OpenStack.Oci;

/// <summary>The first thing in which two images differ, whose digests do.</summary>
/// <param name="Layer">Which layer, from 0; null where it is none of them.</param>
/// <param name="Path">Of the file; null where it is none.</param>
/// <param name="What">How they differ: the attribute and its two values.</param>
public sealed record ImageDifference(int? Layer, string? Path, string What)
{
    /// <summary>Compares one platform of an image with another.</summary>
    /// <returns>Null where they are the same.</returns>
    public static ImageDifference? Between(OciLayout one, OciDescriptor manifest, OciLayout other,
        OciDescriptor otherManifest)
    {
        if (manifest.Digest == otherManifest.Digest) return null;
        var (first, second) = (one.ReadManifest(manifest.Digest), other.ReadManifest(otherManifest.Digest));
        for (var i = 0; i < Math.Min(first.Layers.Count, second.Layers.Count); i++)
        {
            if (first.Layers[i].Digest == second.Layers[i].Digest) continue;
            var (path, what) = BetweenLayers(
                (one, first.Layers[i]), (other, second.Layers[i]));
            return new ImageDifference(i, path, what);
        }

        return first.Layers.Count > second.Layers.Count ? Alone((one, first.Layers), second.Layers.Count, "first")
            : first.Layers.Count < second.Layers.Count ? Alone((other, second.Layers), first.Layers.Count, "second")
            : new ImageDifference(null, null, InJson("its configuration", Json(one, first.Config.Digest),
                Json(other, second.Config.Digest))
                ?? InJson("its manifest", Json(one, manifest.Digest), Json(other, otherManifest.Digest))
                ?? "the same members, written otherwise");
    }

    public override string ToString() =>
        $"{(Layer is null ? "" : $"layer {Layer}: ")}{(Path is null ? "" : $"{Path}: ")}{What}";

    /// <summary>A layer that only one of them has, by the first file in it.</summary>
    static ImageDifference Alone((OciLayout Layout, IReadOnlyList<OciDescriptor> Layers) of, int layer, string which)
    {
        var paths = Read((of.Layout, of.Layers[layer])).Keys;
        return new ImageDifference(layer, paths.FirstOrDefault(x => !x.EndsWith('/')) ?? paths.FirstOrDefault(),
            $"it is in the {which} alone, as the layer is");
    }

    static (string?, string) BetweenLayers((OciLayout, OciDescriptor) one, (OciLayout, OciDescriptor) other)
    {
        var (before, after) = (Read(one), Read(other));
        foreach (var path in before.Keys.Union(after.Keys))
        {
            var (x, y) = (before.GetValueOrDefault(path), after.GetValueOrDefault(path));
            if (x is null) return (path, "it is in the second alone");
            if (y is null) return (path, "it is in the first alone");
            foreach (var ((name, value), (_, otherValue)) in x.Facts.Zip(y.Facts))
                if (value != otherValue) return (path, $"{name} {value}, {name} {otherValue}");
            if (x.Digest != y.Digest)
                return (path, FileDifference.Between(Content(one, path), Content(other, path)));
        }

        if (!before.Keys.SequenceEqual(after.Keys)) return (null, "the same files in another order");
        return (null, "the same files, packed otherwise");
    }

    /// <summary>By path, in their order; of two of one name the last, as it is the one that counts.</summary>
    static OrderedDictionary<string, Entry> Read((OciLayout Layout, OciDescriptor Layer) of)
    {
        var entries = new OrderedDictionary<string, Entry>(StringComparer.Ordinal);
        ForEach(of, x =>
        {
            var digest = x.DataStream is { } data ? Convert.ToHexStringLower(SHA256.HashData(data)) : null;
            entries[x.Name] = new Entry(
            [
                ("type", $"{x.EntryType}"), ("mode", $"0{Convert.ToString((int)x.Mode, 8)}"), ("owner", $"{x.Uid}"),
                ("group", $"{x.Gid}"), ("time", $"{x.ModificationTime.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'}"),
                ("link to", x.LinkName), ("attributes", AttributesOf(x)),
            ], digest);
            return true;
        });
        return entries;
    }

    static string AttributesOf(TarEntry entry) => entry is not PaxTarEntry pax ? ""
        : string.Join(' ', pax.ExtendedAttributes
            .Where(x => x.Key.StartsWith("SCHILY.xattr.", StringComparison.Ordinal))
            .OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key["SCHILY.xattr.".Length..]}={x.Value}"));

    static byte[] Content((OciLayout Layout, OciDescriptor Layer) of, string path)
    {
        var content = new MemoryStream();
        ForEach(of, x =>
        {
            if (x.Name != path) return true;
            content.SetLength(0);
            x.DataStream?.CopyTo(content);
            return true;
        });
        return content.ToArray();
    }

    static void ForEach((OciLayout Layout, OciDescriptor Layer) of, Func<TarEntry, bool> read)
    {
        try
        {
            using var blob = File.OpenRead(of.Layout.Blob(of.Layer.Digest));
            using var content = LayerContent.Open(blob);
            using var tar = new TarReader(content);
            while (tar.GetNextEntry() is { } entry && read(entry)) ;
        }
        catch (Exception e) when (LayerContent.IsDamage(e))
        {
            throw of.Layout.Unreadable(of.Layer, e);
        }
    }

    static JsonNode Json(OciLayout layout, string digest) => JsonNode.Parse(File.ReadAllBytes(layout.Blob(digest)))!;

    /// <summary>The first member that differs, with its two values.</summary>
    static string? InJson(string where, JsonNode? one, JsonNode? other)
    {
        if (JsonNode.DeepEquals(one, other)) return null;
        if (one is JsonObject first && other is JsonObject second)
            return first.Select(x => x.Key).Union(second.Select(x => x.Key))
                .Select(x => InJson($"{where}, {x}", first[x], second[x])).First(x => x is not null);
        if (one is JsonArray list && other is JsonArray others && list.Count == others.Count)
            return list.Select((x, i) => InJson($"{where}, {i}", x, others[i])).First(x => x is not null);
        return $"{where}: {one?.ToJsonString() ?? "nothing"}, {other?.ToJsonString() ?? "nothing"}";
    }

    sealed record Entry(IReadOnlyList<(string Name, string Value)> Facts, string? Digest);
}
