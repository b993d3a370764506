using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>What a publication would do with one image, found out by asking alone.</summary>
/// <param name="Image">The image.</param>
/// <param name="Blobs">
/// Its blobs, and what would become of each: <c>there</c>, <c>mount from …</c>, <c>upload</c>.
/// </param>
/// <param name="Referrers">What would be attached, and whether it is there.</param>
/// <param name="Tags">Tags, and where they point now; null where they do not exist.</param>
public sealed record PublicationPlan(
    PublishedImage Image,
    IReadOnlyList<(OciDescriptor Blob, string Fate)> Blobs,
    IReadOnlyList<(AttachedBundle Bundle, bool IsThere)> Referrers,
    IReadOnlyList<(PublishedTag Tag, string? Now)> Tags)
{
    /// <summary>For a person, under the image's name.</summary>
    public IReadOnlyList<string> Lines =>
    [
        .. new TextTable(["blob", "bytes", ""],
            [.. Blobs.Select(x => (string[])[x.Blob.Digest[..19], x.Blob.Size.ToString(), x.Fate])]).Lines,
        "",
        .. new TextTable(["attached to", "predicate", ""], [.. Referrers.Select(x =>
            (string[])[x.Bundle.Subject.Digest[..19], x.Bundle.PredicateType, x.IsThere ? "there" : "attach"])]).Lines,
        "",
        .. new TextTable(["tag", "points to", "will point to"],
            [.. Tags.Select(x => (string[])[x.Tag.Name, x.Now ?? "-", FateOf(x.Tag, x.Now)])]).Lines,
    ];

    string FateOf(PublishedTag tag, string? now) => now == Image.Layout.Digest ? "the same"
        : now is not null && !tag.Mutable ? $"{Image.Layout.Digest}: ERROR, it never moves"
        : Image.Layout.Digest;

    /// <summary>Asks a registry; writes nothing.</summary>
    /// <param name="client">The registry.</param>
    /// <param name="images">The images, in the order in which they would be published.</param>
    /// <exception cref="ProblemException">An image is not complete, or the registry fails.</exception>
    public static async Task<IReadOnlyList<PublicationPlan>> OfAsync(RegistryClient client,
        IReadOnlyList<PublishedImage> images, CancellationToken cancellation = default)
    {
        var plans = new List<PublicationPlan>();
        var bringers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var image in images)
        {
            var content = PublishedContent.Of(image);
            var blobs = new List<(OciDescriptor, string)>();
            foreach (var blob in content.Blobs.Select(x => x.Descriptor))
            {
                blobs.Add((blob,
                    await client.HeadBlobAsync(image.Repository, blob, cancellation: cancellation) is not null ? "there"
                        : bringers.TryGetValue(blob.Digest, out var from) ? $"mount from {from}" : "upload"));
            }

            var referrers = new List<(AttachedBundle, bool)>();
            foreach (var referrer in content.Referrers)
                referrers.Add((referrer.Bundle, await client.HeadManifestAsync(image.Repository,
                    referrer.Descriptor.Digest, cancellation: cancellation) is not null));
            var tags = new List<(PublishedTag, string?)>();
            foreach (var tag in image.Tags)
                tags.Add((tag,
                    (await client.HeadManifestAsync(image.Repository, tag.Name, cancellation: cancellation))?.Digest));
            foreach (var blob in content.Blobs) bringers.TryAdd(blob.Descriptor.Digest, image.Repository);
            plans.Add(new PublicationPlan(image, blobs, referrers, tags));
        }

        return plans;
    }
}
