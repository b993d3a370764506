using System.Collections.Concurrent;
using System.Diagnostics;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>What came of the publication of one image.</summary>
/// <param name="Image">The image.</param>
/// <param name="MovedTags">Tags that were written.</param>
/// <param name="Uploaded">Bytes of blobs that were sent.</param>
/// <param name="Mounted">Bytes that the registry took from another repository.</param>
/// <param name="Present">Bytes that were there.</param>
/// <param name="Retries">Requests that were repeated.</param>
/// <param name="Elapsed">How long it took, tags aside.</param>
/// <param name="IsUnchanged">Whether all of it was found as the last publication left it.</param>
public sealed record PublicationResult(
    PublishedImage Image, IReadOnlyList<string> MovedTags, long Uploaded, long Mounted, long Present, int Retries, TimeSpan Elapsed, bool IsUnchanged);

/// <summary>
/// Publishes images, signed, whole or not at all: blobs, manifests by digest, what refers to them; then all of it is read back; then, last and
/// for all images together, the tags. A failure before that leaves no tag behind, and running again goes on where it was.
/// </summary>
/// <param name="client">The registry.</param>
public sealed class Publication(RegistryClient client)
{
    /// <summary>Blobs that are on their way at once. A registry hashes and stores each of them; more of them only share its line.</summary>
    const int ParallelBlobs = 4;

    /// <summary>Questions that are asked at once.</summary>
    const int ParallelLookups = 16;

    readonly Referrers _referrers = new(client);

    /// <summary>Where in this registry layers are that other images share, by digest.</summary>
    readonly ConcurrentDictionary<string, string> _layers = new(StringComparer.Ordinal);

    /// <summary>An image of which everything is in place but the tags.</summary>
    sealed record Prepared(PublishedImage Image, PublishedContent Content, PublicationResult Result);

    /// <param name="images">The images; those that others are built on first, so that these can share their layers.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProblemException">An image is not complete, a tag that never moves points elsewhere, or the registry fails.</exception>
    public async Task<IReadOnlyList<PublicationResult>> RunAsync(IReadOnlyList<PublishedImage> images, CancellationToken cancellation = default)
    {
        var contents = images.Select(x => (Image: x, Content: PublishedContent.Of(x))).ToList();
        var unchanged = new Dictionary<PublishedImage, PublicationResult>();
        foreach (var (image, content) in contents)
        {
            var start = Stopwatch.GetTimestamp();
            if (!await IsPublishedAsync(image, content, cancellation)) continue;
            foreach (var layer in content.Layers) _layers.TryAdd(layer, image.Repository);
            unchanged[image] = new PublicationResult(image, [], 0, 0, content.Blobs.Sum(x => x.Descriptor.Size), 0, Stopwatch.GetElapsedTime(start), IsUnchanged: true);
        }

        var changed = contents.Where(x => !unchanged.ContainsKey(x.Image)).ToList();
        await CheckFixedTagsAsync(changed.Select(x => x.Image), cancellation);
        var prepared = new List<Prepared>();
        foreach (var (image, content) in changed) prepared.Add(await PrepareAsync(image, content, cancellation));
        var records = new List<PublicationRecord>();
        foreach (var image in prepared) records.Add(await ReadBackAsync(image, cancellation));
        var results = new Dictionary<PublishedImage, PublicationResult>(unchanged);
        foreach (var image in prepared) results[image.Image] = image.Result with { MovedTags = await TagAsync(image.Image, image.Content.Manifests[^1], cancellation) };
        foreach (var (image, record) in prepared.Zip(records)) record.Write(image.Image.RecordFile);
        return [.. images.Select(x => results[x])];
    }

    /// <summary>Whether the registry still has all that was published last, and that is what is to be published now. Asks for nothing but headers.</summary>
    async Task<bool> IsPublishedAsync(PublishedImage image, PublishedContent content, CancellationToken cancellation)
    {
        if (PublicationRecord.Read(image.RecordFile) is not { } record || !record.IsOf(PublicationRecord.Of(client.Registry, image, content, new Dictionary<string, string>()))) return false;
        var root = image.Layout.Digest;
        var expected = record.Manifests.Concat(record.Referrers).Select(x => (Reference: x, Digest: x))
            .Concat(record.ReferrersIndexes.Select(x => (Reference: x.Key, Digest: x.Value))).Concat(record.Tags.Select(x => (Reference: x, Digest: root)));
        return await AllAsync(expected, async (x, token) => (await client.HeadManifestAsync(image.Repository, x.Reference, cancellation: token))?.Digest == x.Digest, cancellation)
            && await AllAsync(content.Blobs, async (x, token) => await client.HeadBlobAsync(image.Repository, x.Descriptor, cancellation: token) is not null, cancellation);
    }

    /// <summary>Tags that are written once are looked at before anything is sent.</summary>
    async Task CheckFixedTagsAsync(IEnumerable<PublishedImage> images, CancellationToken cancellation)
    {
        var problems = new ConcurrentBag<Problem>();
        await EachAsync(images.SelectMany(x => x.Tags, (image, tag) => (Image: image, Tag: tag)).Where(x => !x.Tag.Mutable), ParallelLookups, async (x, token) =>
        {
            if (await client.HeadManifestAsync(x.Image.Repository, x.Tag.Name, cancellation: token) is { } found && found.Digest != x.Image.Layout.Digest) problems.Add(Moved(x.Image, x.Tag, found.Digest));
        }, cancellation);
        ProblemException.ThrowIfAny([.. problems.OrderBy(x => x.Found, StringComparer.Ordinal)]);
    }

    async Task<Prepared> PrepareAsync(PublishedImage image, PublishedContent content, CancellationToken cancellation)
    {
        var (start, retries) = (Stopwatch.GetTimestamp(), client.Retries);
        var bytes = new long[3];
        await EachAsync(content.Blobs, ParallelBlobs, async (blob, token) =>
        {
            var transfer = await client.PushBlobAsync(image.Repository, blob.Descriptor, blob.Open, _layers.GetValueOrDefault(blob.Descriptor.Digest), token);
            Interlocked.Add(ref bytes[(int)transfer], blob.Descriptor.Size);
        }, cancellation);
        foreach (var layer in content.Layers) _layers.TryAdd(layer, image.Repository);
        foreach (var manifest in content.Manifests) await client.PutManifestAsync(image.Repository, manifest.Descriptor.Digest, manifest.Descriptor.MediaType, manifest.Content, cancellation);

        foreach (var subject in content.Referrers.GroupBy(x => x.Bundle.Subject.Digest)) await _referrers.AttachAsync(image.Repository, subject.Key, [.. subject], cancellation);
        return new Prepared(image, content, new PublicationResult(image, [],
            bytes[(int)BlobTransfer.Uploaded], bytes[(int)BlobTransfer.Mounted], bytes[(int)BlobTransfer.Present], client.Retries - retries, Stopwatch.GetElapsedTime(start), IsUnchanged: false));
    }

    /// <summary>Nothing is believed to be there because it was sent: manifests are read and compared, blobs are asked for.</summary>
    async Task<PublicationRecord> ReadBackAsync(Prepared image, CancellationToken cancellation)
    {
        var (repository, content) = (image.Image.Repository, image.Content);
        await EachAsync(content.Manifests.Select(x => x.Descriptor).Concat(content.Referrers.Select(x => x.Descriptor)), ParallelLookups,
            async (x, token) => await client.GetManifestAsync(repository, x.Digest, justPushed: true, token), cancellation);
        await EachAsync(content.Blobs, ParallelLookups, async (x, token) => await client.HeadBlobAsync(repository, x.Descriptor, justPushed: true, token), cancellation);
        var indexes = new Dictionary<string, string>();
        foreach (var subject in content.Referrers.GroupBy(x => x.Bundle.Subject.Digest))
        {
            // A registry that lists them itself may take a moment for it; where it does not, another writer may have undone ours.
            if (await client.Retry.RunAsync((attempt, token) => ListedAsync(repository, subject.Key, [.. subject], attempt > 0, token), cancellation: cancellation) is { } index)
                indexes[ReferrersIndex.TagOf(subject.Key)] = index;
        }

        return PublicationRecord.Of(client.Registry, image.Image, content, indexes);
    }

    async Task<string?> ListedAsync(string repository, string subject, IReadOnlyList<Referrer> referrers, bool again, CancellationToken cancellation)
    {
        if (again) await _referrers.AttachAsync(repository, subject, referrers, cancellation);
        var (index, entries) = await _referrers.FindAsync(repository, subject, cancellation);
        return ReferrersIndex.Lists(entries, referrers.Select(x => x.Descriptor.Digest)) ? index
            : throw new TransientFailure($"{client.Registry}/{repository} does not list everything that was attached to {subject}");
    }

    async Task<IReadOnlyList<string>> TagAsync(PublishedImage image, StoredManifest root, CancellationToken cancellation)
    {
        var moved = new List<string>();
        // What stays comes before what moves.
        foreach (var tag in image.Tags.OrderBy(x => x.Mutable))
        {
            var found = await client.HeadManifestAsync(image.Repository, tag.Name, cancellation: cancellation);
            if (found?.Digest == root.Descriptor.Digest) continue;
            if (found is not null && !tag.Mutable) throw new ProblemException(Moved(image, tag, found.Digest));
            await client.PutManifestAsync(image.Repository, tag.Name, root.Descriptor.MediaType, root.Content, cancellation);
            found = await client.HeadManifestAsync(image.Repository, tag.Name, justPushed: true, cancellation);
            if (found?.Digest != root.Descriptor.Digest) throw new ProblemException($"{client.Registry}/{image.Repository}:{tag.Name} points to {found?.Digest} as soon as it was written: somebody else writes it too", "Find out who does");
            moved.Add(tag.Name);
        }

        return moved;
    }

    Problem Moved(PublishedImage image, PublishedTag tag, string found) => new($"{client.Registry}/{image.Repository}:{tag.Name} is {found} already and never moves",
        Expected: $"{image.Layout.Digest}, which {image.Name} is now", Remedy: "Commit what has changed: the tag names the commit. Or find out why the same commit gives another image");

    static async Task EachAsync<T>(IEnumerable<T> items, int parallel, Func<T, CancellationToken, Task> action, CancellationToken cancellation) =>
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation }, async (x, token) => await action(x, token));

    static async Task<bool> AllAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task<bool>> holds, CancellationToken cancellation)
    {
        var all = true;
        await EachAsync(items, ParallelLookups, async (x, token) =>
        {
            if (Volatile.Read(ref all) && !await holds(x, token)) Volatile.Write(ref all, false);
        }, cancellation);
        return all;
    }
}
