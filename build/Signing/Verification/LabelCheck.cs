using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>Whether what an image says of itself is what its signed provenance says.</summary>
static class LabelCheck
{
    /// <summary>Labels and the inputs of the image that they come from.</summary>
    static readonly (string Label, string[] Inputs)[] s_labels =
    [
        (ImageLabels.Prefix + "version", ["arg.PBR_VERSION", NativeImage.VersionInput]),
        (ImageLabels.Prefix + "revision", ["source.revision"]), (ImageLabels.Prefix + "source", ["source.remote"]),
        (ImageLabels.Prefix + "base.name", ["base.name"]), (ImageLabels.Prefix + "base.digest", ["base.digest"]),
        (ImageLabels.ReleaseStatus, [$"label.{ImageLabels.ReleaseStatus}"]),
        (ImageLabels.NextStatus, [$"label.{ImageLabels.NextStatus}"]),
    ];

    /// <param name="name">The image in messages.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="provenance">Its provenance.</param>
    public static IReadOnlyList<Problem> Of(string name, IReadOnlyDictionary<string, string> labels,
        Provenance provenance) =>
    [
        .. s_labels
            .Select(x => (x.Label, Says: labels.GetValueOrDefault(x.Label),
                Is: x.Inputs.Select(y => provenance.Inputs.GetValueOrDefault(y)).FirstOrDefault(y => y is not null)))
            .Where(x => x.Says != x.Is)
            .Select(x => new Problem($"{name}: the label {x.Label} is {Shown(x.Says)}",
                Expected: $"{Shown(x.Is)}, as its provenance says",
                Remedy: "Do not believe the labels of this image; build it again")),
    ];

    /// <summary>
    /// Whether the image is built on the base that it names: the base is there, and its layers are the lowest of the
    /// image.
    /// </summary>
    /// <param name="client">The registry.</param>
    /// <param name="image">The image.</param>
    /// <param name="platform">The manifest of one platform.</param>
    /// <param name="provenance">Its provenance.</param>
    public static async Task<IReadOnlyList<Problem>> BaseAsync(RegistryClient client, FetchedImage image,
        OciDescriptor platform, Provenance provenance, CancellationToken cancellation = default)
    {
        if (provenance.Image == BaseImages.PythonBase
            || provenance.Inputs.GetValueOrDefault("base.digest") is not { } digest
            || image.Layout is null)
            return [];
        // Beside the image, whatever the registry is called that it was once meant for.
        var slash = image.Reference.Repository.LastIndexOf('/');
        var repository = image.Reference.Repository[..(slash + 1)] + BaseImages.PythonBase;
        var name = $"{image.Reference.Name}@{platform.Digest} ({platform.Platform})";
        if (!OciDigest.Is(digest)
            || await RemoteImage.FindAsync(client, new RegistryReference(client.Registry, repository, Digest: digest),
            cancellation) is not { } remote)
            return [new Problem($"{name}: its base image {client.Registry}/{repository}@{digest} is not there",
                Remedy: "Run Push again, which publishes the base too")];
        if (remote.Platforms.FirstOrDefault(x => x.Platform == platform.Platform) is not { } listed)
            return [new Problem(
                $"{name}: its base image {client.Registry}/{repository}@{digest} has no {platform.Platform}",
                Remedy: "Build both for the same platforms")];
        var manifest = await remote.ReadManifestAsync(client, listed, cancellation);
        var layers = image.Layout.ReadManifest(platform.Digest).Layers.Select(x => x.Digest).ToList();
        var lowest = manifest.Layers.Select(x => x.Digest).ToList();
        return layers.Take(lowest.Count).SequenceEqual(lowest) ? []
            : [new Problem($"{name}: its lowest layers are not those of {client.Registry}/{repository}@{digest}, on "
                + "which it says it is built",
                Expected: string.Join(", ", lowest),
                Remedy: "Do not believe the labels of this image; build it again")];
    }

    static string Shown(string? value) => value is null ? "not there" : $"'{value}'";
}
