using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// The referrers of manifests: attaches them, and finds them, with or without the help of the registry.
/// </summary>
/// <param name="client">The registry.</param>
public sealed class Referrers(RegistryClient client)
{
    /// <summary>
    /// How often another writer of the same index may come first. Each time one of them has finished, so they do not go
    /// on for ever.
    /// </summary>
    const int MostRounds = 100;

    /// <summary>What refers to a manifest, as descriptors with <c>artifactType</c> and <c>annotations</c>.</summary>
    public async Task<IReadOnlyList<JsonElement>> OfAsync(string repository, string digest,
        CancellationToken cancellation = default) =>
        (await FindAsync(repository, digest, cancellation)).Entries;

    /// <summary>
    /// The same, with the digest of the index where the registry keeps no list of its own and there is one.
    /// </summary>
    internal async Task<(string? Index, IReadOnlyList<JsonElement> Entries)> FindAsync(string repository, string digest,
        CancellationToken cancellation) =>
        (await client.ReferrersAsync(repository, digest, cancellation)).Entries is { } listed ? (null, listed)
            : await IndexAsync(repository, digest, justPushed: false, cancellation);

    /// <summary>
    /// Stores manifests that refer to one, and lists them where the registry does not. The index may have other
    /// writers, and nothing keeps them apart: it is read, merged, written and read back until it has ours. One that
    /// read it before us may still write after us, so whoever has time looks again.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">Digest of what they refer to.</param>
    /// <param name="referrers">The manifests; their blobs are there.</param>
    /// <param name="cancellation">Ends it early.</param>
    internal async Task AttachAsync(string repository, string subject, IReadOnlyList<Referrer> referrers,
        CancellationToken cancellation)
    {
        var listed = await Task.WhenAll(referrers.Select(x =>
            client.PutManifestAsync(repository, x.Descriptor.Digest, x.Descriptor.MediaType, x.Content, cancellation)));
        if (listed.Contains(false)) await ListAsync(repository, subject, referrers, cancellation);
    }

    /// <summary>Attaches a bundle to a manifest that is published already, and sees whether it is there.</summary>
    /// <exception cref="ProblemException">The registry fails, or does not list it.</exception>
    public async Task AttachAsync(string repository, AttachedBundle bundle, CancellationToken cancellation = default)
    {
        var referrer = Referrer.Of(bundle);
        await client.PushBlobAsync(repository, referrer.BundleDescriptor,
            () => new MemoryStream(referrer.BundleContent), cancellation: cancellation);
        await client.PushBlobAsync(repository, OciDescriptor.Empty,
            () => new MemoryStream(OciDescriptor.EmptyContent.ToArray()), cancellation: cancellation);
        await client.Retry.RunAsync(async (_, token) =>
        {
            await AttachAsync(repository, bundle.Subject.Digest, [referrer], token);
            return ReferrersIndex.Lists(await OfAsync(repository, bundle.Subject.Digest, token),
                [referrer.Descriptor.Digest]) ? true : throw new TransientFailure(
                $"{client.Registry}/{repository} does not list what was attached to {bundle.Subject.Digest}");
        }, cancellation: cancellation);
    }

    async Task ListAsync(string repository, string subject, IReadOnlyList<Referrer> referrers,
        CancellationToken cancellation)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var (_, entries) = await IndexAsync(repository, subject, justPushed: round > 0, cancellation);
            if (ReferrersIndex.Lists(entries, referrers.Select(x => x.Descriptor.Digest))) return;
            if (round > 0) await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 200)), cancellation);
            await client.PutManifestAsync(repository, ReferrersIndex.TagOf(subject), OciMediaTypes.Index,
                ReferrersIndex.Merge(entries, referrers.Select(x => x.Entry)), cancellation);
        }

        throw new ProblemException(
            $"{client.Registry}/{repository}:{ReferrersIndex.TagOf(subject)} is written by somebody else all the time",
            "Run the same command again when they have finished");
    }

    /// <summary>The index under the fallback tag; no digest and no entries where there is none.</summary>
    internal async Task<(string? Digest, IReadOnlyList<JsonElement> Entries)> IndexAsync(string repository,
        string subject, CancellationToken cancellation) =>
        await IndexAsync(repository, subject, justPushed: false, cancellation);

    async Task<(string? Digest, IReadOnlyList<JsonElement> Entries)> IndexAsync(string repository, string subject,
        bool justPushed, CancellationToken cancellation)
    {
        var tag = ReferrersIndex.TagOf(subject);
        return await client.GetManifestAsync(repository, tag, justPushed, cancellation) is { } index
            ? (index.Descriptor.Digest, ReferrersIndex.Read(index.Content, $"{client.Registry}/{repository}:{tag}"))
            : (null, []);
    }
}
