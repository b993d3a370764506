using System.Collections.Concurrent;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>What came of the publication of one image.</summary>
/// <param name="Image">The image.</param>
/// <param name="MovedTags">Tags that were written.</param>
/// <param name="Uploaded">Bytes of blobs that were sent.</param>
/// <param name="Mounted">Bytes that the registry took from another repository.</param>
/// <param name="Present">Bytes that were there.</param>
/// <param name="IsUnchanged">Whether all of it was found as the last publication left it.</param>
public sealed record PublicationResult(
    PublishedImage Image, IReadOnlyList<string> MovedTags, long Uploaded, long Mounted, long Present, bool IsUnchanged);

/// <summary>
/// Publishes images, signed, whole or not at all: blobs, manifests by digest, what refers to them; then all of it is
/// read back; then, last and for all images together, the tags. A failure before that leaves no tag behind, and running
/// again goes on where it was.
/// </summary>
/// <param name="client">The registry.</param>
public sealed class Publication(RegistryClient client)
{
    /// <summary>
    /// Blobs that are on their way at once. A registry hashes and stores each of them; more of them only share its
    /// line.
    /// </summary>
    const int ParallelBlobs = 4;

    /// <summary>Questions that are asked at once.</summary>
    const int ParallelLookups = 16;

    readonly Referrers _referrers = new(client);

    /// <param name="images">The images; those that others are built on first.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProblemException">
    /// An image is not complete, a tag that never moves points elsewhere, or the registry fails.
    /// </exception>
    public async Task<IReadOnlyList<PublicationResult>> RunAsync(IReadOnlyList<PublishedImage> images,
        CancellationToken cancellation = default)
    {
        var contents = images.Select(x => (Image: x, Content: PublishedContent.Of(x))).ToList();
        var changed = new List<(PublishedImage Image, PublishedContent Content)>();
        foreach (var x in contents)
        {
            if (!await IsPublishedAsync(x.Image, x.Content, cancellation)) changed.Add(x);
        }

        await CheckFixedTagsAsync(changed.Select(x => x.Image), cancellation);
        var transfers = await BringBlobsAsync(contents, changed, cancellation);
        await EachAsync(changed, changed.Count,
            (x, token) => StoreManifestsAsync(x.Image, x.Content, token), cancellation);
        var records = new ConcurrentDictionary<PublishedImage, PublicationRecord>();
        await EachAsync(changed, changed.Count,
            async (x, token) => records[x.Image] = await ReadBackAsync(x.Image, x.Content, token), cancellation);
        var moved = await TagAsync(changed, cancellation);
        foreach (var (image, record) in records) record.Write(image.RecordFile);
        return [.. contents.Select(x =>
        {
            long Bytes(BlobTransfer how) => transfers.Where(y => y.Image == x.Image && y.How == how).Sum(y => y.Bytes);
            return records.ContainsKey(x.Image)
                ? new PublicationResult(x.Image,
                    [.. x.Image.Tags.Where(tag => moved.Contains((x.Image, tag))).Select(tag => tag.Name)],
                    Bytes(BlobTransfer.Uploaded),
                    Bytes(BlobTransfer.Mounted), Bytes(BlobTransfer.Present), IsUnchanged: false)
                : new PublicationResult(x.Image, [], 0, 0,
                    x.Content.Blobs.Sum(y => y.Descriptor.Size), IsUnchanged: true);
        })];
    }

    /// <summary>
    /// Whether the registry still has all that was published last, and that is what is to be published now. Asks for
    /// nothing but headers.
    /// </summary>
    async Task<bool> IsPublishedAsync(PublishedImage image, PublishedContent content, CancellationToken cancellation)
    {
        if (PublicationRecord.Read(image.RecordFile) is not { } record
            || !record.IsOf(PublicationRecord.Of(client.Registry, image, content, new Dictionary<string, string>())))
            return false;
        var root = image.Layout.Digest;
        var expected = record.Manifests.Concat(record.Referrers).Select(x => (Reference: x, Digest: x))
            .Concat(record.ReferrersIndexes.Select(x => (Reference: x.Key, Digest: x.Value)))
            .Concat(record.Tags.Select(x => (Reference: x, Digest: root)));
        return await AllAsync(expected, async (x, token) => (await client.HeadManifestAsync(image.Repository,
            x.Reference, cancellation: token))?.Digest == x.Digest, cancellation)
            && await AllAsync(content.Blobs, async (x, token) => await client.HeadBlobAsync(image.Repository,
                x.Descriptor, cancellation: token) is not null, cancellation);
    }

    /// <summary>Tags that are written once are looked at before anything is sent.</summary>
    async Task CheckFixedTagsAsync(IEnumerable<PublishedImage> images, CancellationToken cancellation)
    {
        var problems = new ConcurrentBag<Problem>();
        await EachAsync(images.SelectMany(x => x.Tags, (image, tag) => (Image: image, Tag: tag))
            .Where(x => !x.Tag.Mutable), ParallelLookups, async (x, token) =>
            {
                if (await client.HeadManifestAsync(x.Image.Repository, x.Tag.Name, cancellation: token) is { } found
                    && found.Digest != x.Image.Layout.Digest)
                    problems.Add(Moved(x.Image, x.Tag, found.Digest));
            }, cancellation);
        ProblemException.ThrowIfAny([.. problems.OrderBy(x => x.Found, StringComparer.Ordinal)]);
    }

    /// <summary>Brings each blob to the first image that has it; the others take it from there.</summary>
    async Task<IReadOnlyCollection<(PublishedImage Image, BlobTransfer How, long Bytes)>> BringBlobsAsync(
        IEnumerable<(PublishedImage Image, PublishedContent Content)> all,
        IReadOnlyList<(PublishedImage Image, PublishedContent Content)> changed, CancellationToken cancellation)
    {
        var first = all.SelectMany(x => x.Content.Blobs, (x, blob) => (x.Image, blob.Descriptor.Digest))
            .DistinctBy(x => x.Digest)
            .ToDictionary(x => x.Digest, x => x.Image);
        var blobs = changed.SelectMany(x => x.Content.Blobs, (x, blob) => (x.Image, Blob: blob))
            .ToLookup(x => first[x.Blob.Descriptor.Digest] == x.Image);
        var transfers = new ConcurrentBag<(PublishedImage, BlobTransfer, long)>();
        // The largest first: nobody waits for it alone at the end.
        foreach (var part in (bool[])[true, false])
            await EachAsync(blobs[part].OrderByDescending(x => x.Blob.Descriptor.Size),
                ParallelBlobs, async (x, token) =>
                {
                    var blob = x.Blob.Descriptor;
                    transfers.Add((x.Image, await client.PushBlobAsync(x.Image.Repository, blob, x.Blob.Open,
                        part ? null : first[blob.Digest].Repository, token), blob.Size));
                }, cancellation);
        return transfers;
    }

    async Task StoreManifestsAsync(PublishedImage image, PublishedContent content, CancellationToken cancellation)
    {
        foreach (var manifest in content.Manifests)
            await client.PutManifestAsync(image.Repository, manifest.Descriptor.Digest, manifest.Descriptor.MediaType,
                manifest.Content, cancellation);
        foreach (var subject in content.Referrers.GroupBy(x => x.Bundle.Subject.Digest))
            await _referrers.AttachAsync(image.Repository, subject.Key, [.. subject], cancellation);
    }

    /// <summary>
    /// Nothing is believed to be there because it was sent: manifests are read and compared, blobs are asked for.
    /// </summary>
    async Task<PublicationRecord> ReadBackAsync(PublishedImage image, PublishedContent content,
        CancellationToken cancellation)
    {
        var repository = image.Repository;
        await EachAsync(content.Manifests.Select(x => x.Descriptor).Concat(content.Referrers.Select(x => x.Descriptor)),
            ParallelLookups,
            async (x, token) => await client.GetManifestAsync(repository, x.Digest, justPushed: true, token),
            cancellation);
        await EachAsync(content.Blobs, ParallelLookups,
            async (x, token) => await client.HeadBlobAsync(repository, x.Descriptor, justPushed: true, token),
            cancellation);
        var indexes = new Dictionary<string, string>();
        foreach (var subject in content.Referrers.GroupBy(x => x.Bundle.Subject.Digest))
        {
            // A registry that lists them itself may take a moment for it; where it does not, another writer may have
            // undone ours.
            if (await client.Retry.RunAsync(
                (attempt, token) => ListedAsync(repository, subject.Key, [.. subject], attempt > 0, token),
                cancellation: cancellation) is { } index)
                indexes[ReferrersIndex.TagOf(subject.Key)] = index;
        }

        return PublicationRecord.Of(client.Registry, image, content, indexes);
    }

    async Task<string?> ListedAsync(string repository, string subject, IReadOnlyList<Referrer> referrers, bool again,
        CancellationToken cancellation)
    {
        if (again) await _referrers.AttachAsync(repository, subject, referrers, cancellation);
        var (index, entries) = await _referrers.FindAsync(repository, subject, cancellation);
        return ReferrersIndex.Lists(entries, referrers.Select(x => x.Descriptor.Digest)) ? index
            : throw new TransientFailure($"{client.Registry}/{repository} does not list everything that "
                + $"was attached to {subject}");
    }

    /// <summary>
    /// Writes the tags of all images: those that stay before those that move, each of both side by side.
    /// </summary>
    /// <returns>The tags that were written.</returns>
    async Task<IReadOnlySet<(PublishedImage, PublishedTag)>> TagAsync(
        IReadOnlyList<(PublishedImage Image, PublishedContent Content)> images, CancellationToken cancellation)
    {
        var written = new ConcurrentDictionary<(PublishedImage, PublishedTag), bool>();
        var tags = images.SelectMany(x => x.Image.Tags, (x, tag) => (x.Image, Root: x.Content.Manifests[^1], Tag: tag))
            .ToLookup(x => x.Tag.Mutable);
        foreach (var mutable in (bool[])[false, true])
            await EachAsync(tags[mutable], ParallelLookups, async (x, token) =>
            {
                if (await TagAsync(x.Image, x.Root, x.Tag, token)) written[(x.Image, x.Tag)] = true;
            }, cancellation);
        return written.Keys.ToHashSet();
    }

    async Task<bool> TagAsync(PublishedImage image, StoredManifest root, PublishedTag tag,
        CancellationToken cancellation)
    {
        var found = await client.HeadManifestAsync(image.Repository, tag.Name, cancellation: cancellation);
        if (found?.Digest == root.Descriptor.Digest) return false;
        if (found is not null && !tag.Mutable) throw new ProblemException(Moved(image, tag, found.Digest));
        await client.PutManifestAsync(image.Repository, tag.Name, root.Descriptor.MediaType,
            root.Content, cancellation);
        found = await client.HeadManifestAsync(image.Repository, tag.Name, justPushed: true, cancellation);
        return found?.Digest == root.Descriptor.Digest ? true
            : throw new ProblemException($"{client.Registry}/{image.Repository}:{tag.Name} points to {found?.Digest} "
                + "as soon as it was written: somebody else writes it too", "Find out who does");
    }

    Problem Moved(PublishedImage image, PublishedTag tag, string found) =>
        new($"{client.Registry}/{image.Repository}:{tag.Name} is {found} already and never moves",
            Expected: $"{image.Layout.Digest}, which {image.Name} is now",
            Remedy: "Commit what has changed: the tag names the commit. Or find out why the same "
                + "commit gives another image");

    static async Task EachAsync<T>(IEnumerable<T> items, int parallel, Func<T, CancellationToken, Task> action,
        CancellationToken cancellation) =>
        await Parallel.ForEachAsync(items,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, parallel), CancellationToken = cancellation },
            async (x, token) => await action(x, token));

    static async Task<bool> AllAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task<bool>> holds,
        CancellationToken cancellation)
    {
        var all = true;
        await EachAsync(items, ParallelLookups, async (x, token) =>
        {
            if (Volatile.Read(ref all) && !await holds(x, token)) Volatile.Write(ref all, false);
        }, cancellation);
        return all;
    }
}
