using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Oci;

namespace OpenStack.Layers;

/// <summary>
/// The layers of an image by a plan: those that it shares with others, one of the packages that it alone has, and one
/// of the service with what was added to its environment.
/// </summary>
/// <param name="layers">What of the plan the image has, lowest first.</param>
/// <param name="distribution">The service's own; null of an image that is no virtual environment.</param>
/// <param name="epoch">What nothing that belongs to no package is later than.</param>
sealed class PlannedDivision(IReadOnlyList<PlannedLayer> layers, string? distribution, DateTimeOffset epoch)
    : ILayerDivision
{
    public LayerReading Reading => FileOwners.Reading;

    public IReadOnlyList<LayerPart> Divide(ImageTree changes, ImageTree below)
    {
        var places = layers.SelectMany((x, i) => OwnersIn(x).Select(owner => (owner, i)))
            .ToDictionary(x => x.owner, x => x.i);
        var (others, service) = (layers.Count, layers.Count + 1);
        if (distribution is not null) places[OwnerOf(distribution)] = service;
        var parts = Enumerable.Range(0, layers.Count + 2).Select(_ => new Dictionary<ImageNode, long>()).ToList();
        var owned = FileOwners.Of(changes, below);
        foreach (var (node, file) in owned) parts[places.GetValueOrDefault(file.Owner, others)][node] = file.Time;
        foreach (var (path, node) in changes.Nodes())
        {
            if (!path.StartsWith(FileOwners.Environment, StringComparison.Ordinal) || owned.ContainsKey(node)
                || node is ImageDirectory) continue;
            parts[service][node] = Math.Min(node.Entry!.Attributes!.Time, epoch.ToUnixTimeSeconds());
        }

        return
        [
            .. layers.Zip(parts, (_, part) => new LayerPart("packages that other images have, too", part)),
            new LayerPart("packages of this image alone", parts[others]),
            new LayerPart("the service", parts[service]),
        ];
    }

    static FileOwner OwnerOf(string distribution) => new(OwnerKind.Python, PythonName.Of(distribution).Value);

    static IEnumerable<FileOwner> OwnersIn(PlannedLayer layer) =>
        layer.Debian.Select(x => new FileOwner(OwnerKind.Debian, x)).Concat(layer.Python.Select(OwnerOf));
}
