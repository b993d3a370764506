using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>What a registry lists as attached to a manifest. Anybody who may write to the repository may have attached it.</summary>
/// <param name="Bundles">The bundles that can be read.</param>
/// <param name="Problems">What is wrong with the list: nothing of that has to do with what the bundles say.</param>
sealed record ListedBundles(IReadOnlyList<SigstoreBundle> Bundles, IReadOnlyList<Problem> Problems)
{
    /// <summary>The most that is read of what is attached to one manifest; others may attach without end.</summary>
    const int Limit = 200;

    /// <param name="client">The registry.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">The manifest.</param>
    public static async Task<ListedBundles> OfAsync(RegistryClient client, string repository, string subject, CancellationToken cancellation = default)
    {
        var name = $"{client.Registry}/{repository}";
        var (list, entries) = await ListAsync(client, repository, subject, cancellation);
        var problems = new List<Problem>();
        var bundles = new List<SigstoreBundle>();
        foreach (var entry in entries.Select(OciDescriptor.Read).Take(Limit))
        {
            try
            {
                if (await ReadAsync(client, repository, subject, entry, list, cancellation) is { } bundle) bundles.Add(bundle);
            }
            catch (ProblemException e)
            {
                problems.AddRange(e.Problems);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                problems.Add(new Problem($"{name}@{entry.Digest}, attached to {subject}, is no Sigstore bundle: {e.Message}", Remedy: "Find out who attached it, and remove it"));
            }
        }

        return new ListedBundles(bundles, problems);
    }

    /// <summary>The registry's own list, or else the index that takes its place; where it comes from, for messages.</summary>
    static async Task<(string List, IReadOnlyList<JsonElement> Entries)> ListAsync(RegistryClient client, string repository, string subject, CancellationToken cancellation)
    {
        var tag = ReferrersIndex.TagOf(subject);
        var fallback = $"The list of what is attached, {client.Registry}/{repository}:{tag},";
        if (await client.ReferrersAsync(repository, subject, cancellation) is { } own) return ($"{client.Registry}'s list of what is attached to {subject}", own);
        var index = await client.GetManifestAsync(repository, tag, cancellation: cancellation);
        return (fallback, index is null ? [] : ReferrersIndex.Read(index.Content, $"{client.Registry}/{repository}:{tag}"));
    }

    static async Task<SigstoreBundle?> ReadAsync(RegistryClient client, string repository, string subject, OciDescriptor entry, string list, CancellationToken cancellation)
    {
        ProblemException Stale(string what) => new($"{list} is stale: it names {entry.Digest}, which {what}", "Run Push again, and see who else writes to the repository");
        var stored = await client.GetManifestAsync(repository, entry.Digest, cancellation: cancellation) ?? throw Stale("is not there");
        if (stored.Descriptor.Size != entry.Size) throw Stale($"has {stored.Descriptor.Size} bytes and not {entry.Size}");
        using var json = JsonDocument.Parse(stored.Content);
        var of = OciDescriptor.Read(OciJson.Require(json.RootElement, "subject", JsonValueKind.Object)).Digest;
        if (of != subject) throw Stale($"is attached to {of} and not to {subject}");
        // Other tools attach other things.
        var bundle = OciManifest.Read(entry.Digest, json.RootElement).Layers.FirstOrDefault(x => x.MediaType == SigstoreBundle.Version3);
        return bundle is null ? null : SigstoreBundle.Read(await client.GetBlobAsync(repository, bundle, cancellation));
    }
}
