using OpenStack.Oci;

namespace OpenStack.Tests.EndToEnd;

/// <summary>In what two images differ: which file of which layer, and how.</summary>
static class ImageDifference
{
    public static IEnumerable<string> Of(OciLayout one, OciLayout other)
    {
        if (one.Digest == other.Digest) yield break;
        var (first, second) = (one.ReadManifest(), other.ReadManifest());
        yield return $"{one.Digest} and {other.Digest}";
        for (var i = 0; i < Math.Max(first.Layers.Count, second.Layers.Count); i++)
        {
            if (i >= first.Layers.Count || i >= second.Layers.Count) yield return $"layer {i} is in one of them alone";
            else if (first.Layers[i].Digest != second.Layers[i].Digest)
                foreach (var line in OfLayers(Entries(one, first.Layers[i]), Entries(other, second.Layers[i])))
                    yield return $"layer {i}: {line}";
        }
    }

    static Dictionary<string, string> Entries(OciLayout layout, OciDescriptor layer) =>
        LayerEntries.Read(layout, layer, _ => false, digests: true)
            .GroupBy(x => x.Path)
            .ToDictionary(x => x.Key, x => string.Join(" | ", x));

    static IEnumerable<string> OfLayers(Dictionary<string, string> one, Dictionary<string, string> other) =>
        one.Keys.Union(other.Keys).Order(StringComparer.Ordinal)
            .Where(x => one.GetValueOrDefault(x) != other.GetValueOrDefault(x))
            .Select(x => $"{x}: {one.GetValueOrDefault(x, "not there")} / {other.GetValueOrDefault(x, "not there")}")
            .DefaultIfEmpty("the same files, packed otherwise: times, owners or modes");
}
