using OpenStack.Catalog;

namespace OpenStack.Layers;

/// <summary>
/// Makes a plan of the layers that images share. Packages that the same images have, with the same files, are one
/// layer; then layers are merged, those first that cost a registry the fewest bytes, until no image has too many.
/// </summary>
static class LayerPlanner
{
    /// <summary>
    /// As many shared layers as an image may have. It has three of its own: of the packages that it alone has, of the
    /// service, and of what belongs to no package. Engines take up to 127 in all, and each is a request of its own.
    /// </summary>
    public const int MostShared = 9;

    /// <param name="images">All images that share layers.</param>
    /// <param name="most">As many layers as an image may share with others.</param>
    public static LayerPlan Plan(IReadOnlyList<ImagePackages> images, int most = MostShared)
    {
        var layers = images.SelectMany(x => x.Packages.Select(y => (Image: x.Name, Owner: y.Key, Files: y.Value)))
            .GroupBy(x => (x.Owner, x.Files.Digest))
            .Select(x => (x.Key.Owner, x.First().Files.Size,
                Images: x.Select(y => y.Image).Order(StringComparer.Ordinal).ToList()))
            .Where(x => x.Images.Count > 1)
            .GroupBy(x => string.Join(' ', x.Images))
            .Select(x => new Layer([.. x.First().Images], [.. x.Select(y => y.Owner)], x.Sum(y => y.Size)))
            .ToList();
        while (Merge(layers, most) is { } merged) layers = merged;
        return new LayerPlan([.. layers.OrderByDescending(x => x.Images.Count).ThenByDescending(x => x.Size)
            .ThenBy(x => string.Join(' ', x.Images), StringComparer.Ordinal)
            .Select(x => new PlannedLayer([.. x.Images], Names(x, OwnerKind.Debian), Names(x, OwnerKind.Python)))]);
    }

    /// <summary>The layers with one fewer for some images that have too many; null where none has.</summary>
    static List<Layer>? Merge(List<Layer> layers, int most)
    {
        var count = layers.SelectMany(x => x.Images).CountBy(x => x).ToDictionary(x => x.Key, x => x.Value);
        bool HasTooMany(string image) => count[image] > most;
        if (!count.Keys.Any(HasTooMany)) return null;
        // Of two that some images have both, those get one; or one image has what is in one for itself alone.
        var choices =
            from i in Enumerable.Range(0, layers.Count)
            from j in Enumerable.Range(i + 1, layers.Count - i - 1)
            let both = layers[i].Images.Intersect(layers[j].Images).ToList()
            let relieved = both.Count(HasTooMany)
            where both.Count > 1 && relieved > 0
            let cost = (both.Count < layers[i].Images.Count ? layers[i].Size : 0)
                + (both.Count < layers[j].Images.Count ? layers[j].Size : 0)
            select (First: i, Second: j, Images: both, Cost: (double)cost / relieved);
        var alone =
            from i in Enumerable.Range(0, layers.Count)
            from image in layers[i].Images.Where(HasTooMany)
            select (First: i, Second: -1, Images: new List<string> { image }, Cost: (double)layers[i].Size);
        var best = choices.Concat(alone).MinBy(x => x.Cost);
        return Apply(layers, best.First, best.Second, best.Images);
    }

    static List<Layer> Apply(List<Layer> layers, int first, int second, List<string> images)
    {
        var (a, b) = (layers[first], second < 0 ? null : layers[second]);
        var result = layers.Where(x => x != a && x != b).ToList();
        // What one image has alone is in no plan.
        result.AddRange(new[] { a, b }.OfType<Layer>()
            .Select(x => x with { Images = [.. x.Images.Except(images)] })
            .Where(x => x.Images.Count > 1));

        if (b is not null) result.Add(new Layer(images, [.. a.Owners, .. b.Owners], a.Size + b.Size));
        return result;
    }

    static List<string> Names(Layer layer, OwnerKind kind) =>
        [.. layer.Owners.Where(x => x.Kind == kind).Select(x => x.Name).Order(StringComparer.Ordinal)];

    sealed record Layer(List<string> Images, List<FileOwner> Owners, long Size);
}
