using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>The referrers of manifests: attaches them, and finds them, with or without the help of the registry.</summary>
/// <param name="client">The registry.</param>
public sealed class Referrers(RegistryClient client)
{
    /// <summary>How often another writer of the same index may come first. Each time one of them has finished, so they do not go on for ever.</summary>
    const int MostRounds = 100;

    /// <summary>What refers to a manifest, as descriptors with <c>artifactType</c> and <c>annotations</c>.</summary>
    public async Task<IReadOnlyList<JsonElement>> OfAsync(string repository, string digest, CancellationToken cancellation = default) =>
        await client.ReferrersAsync(repository, digest, cancellation) ?? (await IndexAsync(repository, digest, justPushed: false, cancellation)).Entries;

    /// <summary>
    /// Stores manifests that refer to one, and lists them where the registry does not. The index may have other writers, and nothing keeps
    /// them apart: it is read, merged, written and read back until it has ours.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">Digest of what they refer to.</param>
    /// <param name="referrers">The manifests; their blobs are there.</param>
    /// <returns>Digest of the index; null where the registry lists referrers itself.</returns>
    internal async Task<string?> AttachAsync(string repository, string subject, IReadOnlyList<Referrer> referrers, CancellationToken cancellation)
    {
        var indexed = true;
        foreach (var referrer in referrers) indexed &= await client.PutManifestAsync(repository, referrer.Descriptor.Digest, referrer.Descriptor.MediaType, referrer.Content, cancellation);
        return indexed ? null : await ListAsync(repository, subject, referrers, cancellation);
    }

    async Task<string> ListAsync(string repository, string subject, IReadOnlyList<Referrer> referrers, CancellationToken cancellation)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var (digest, entries) = await IndexAsync(repository, subject, justPushed: round > 0, cancellation);
            var merged = ReferrersIndex.Merge(entries, referrers.Select(x => x.Entry));
            if (digest == Storage.Digest.OfBytes(merged)) return digest;
            // What is listed already stays as it is: another's order is no reason to write.
            if (digest is not null && ReferrersIndex.Lists(entries, referrers.Select(x => x.Descriptor.Digest))) return digest;
            if (round > 0) await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 200)), cancellation);
            await client.PutManifestAsync(repository, ReferrersIndex.TagOf(subject), OciMediaTypes.Index, merged, cancellation);
        }

        throw new ProblemException($"{client.Registry}/{repository}:{ReferrersIndex.TagOf(subject)} is written by somebody else all the time", "Run the same command again when they have finished");
    }

    /// <summary>The index under the fallback tag; no digest and no entries where there is none.</summary>
    async Task<(string? Digest, IReadOnlyList<JsonElement> Entries)> IndexAsync(string repository, string subject, bool justPushed, CancellationToken cancellation)
    {
        var tag = ReferrersIndex.TagOf(subject);
        return await client.GetManifestAsync(repository, tag, justPushed, cancellation) is { } index
            ? (index.Descriptor.Digest, ReferrersIndex.Read(index.Content, $"{client.Registry}/{repository}:{tag}"))
            : (null, []);
    }
}
