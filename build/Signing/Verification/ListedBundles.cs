using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// What a registry lists as attached to a manifest. Anybody who may write to the repository may have attached it, so
/// that nothing of it can make an image worse than it is without it (in-toto attestation framework, validation:
/// monotonic).
/// </summary>
/// <param name="Bundles">The bundles that can be read.</param>
/// <param name="Doubts">Why there may be more of them than these: the list, or part of what it names, could not be
/// read.</param>
/// <param name="Problems">What the list names as a bundle and is none, or is not there: it matters where one is
/// missing.</param>
/// <param name="Others">What other tools have attached.</param>
sealed record ListedBundles(IReadOnlyList<SigstoreBundle> Bundles, IReadOnlyList<Problem> Doubts,
    IReadOnlyList<Problem> Problems, IReadOnlyList<string> Others)
{
    /// <summary>The most that is read of what is attached to one manifest; others may attach without end.</summary>
    const int Limit = 200;

    /// <summary>All versions of it.</summary>
    const string BundleType = "application/vnd.dev.sigstore.bundle";

    /// <summary>Never fails: what cannot be found out is a doubt.</summary>
    /// <param name="client">The registry.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">The manifest.</param>
    public static async Task<ListedBundles> OfAsync(RegistryClient client, string repository, string subject,
        CancellationToken cancellation = default)
    {
        var (list, entries, doubts) = await ListAsync(client, repository, subject, cancellation);
        var (bundles, problems, others) = (new List<SigstoreBundle>(), new List<Problem>(), new List<string>());
        var readable = new List<OciDescriptor>();
        // Those that say that they are bundles first: there may be many of the others.
        foreach (
            var entry in entries.OrderByDescending(x =>
            OciJson.Text(x, "artifactType")?.StartsWith(BundleType, StringComparison.Ordinal) == true))
        {
            if (OtherThanABundle(entry) is { } other) others.Add($"{OciJson.Text(entry, "digest")} ({other})");
            else if (TryRead(entry) is { } descriptor) readable.Add(descriptor);
            else doubts.Add(
                new Problem($"{list} names something that cannot be understood: {Short(entry.GetRawText())}"));
        }

        if (readable.Count > Limit)
            doubts.Add(
            new Problem($"{list} names {readable.Count} things that may be bundles; {Limit} of them are read",
            Remedy: "Find out who attaches them, and remove them"));
        foreach (var entry in readable.Take(Limit))
        {
            try
            {
                var (bundle, other) = await ReadAsync(client, repository, subject, entry, list, cancellation);
                if (bundle is not null) bundles.Add(bundle);
                else others.Add($"{entry.Digest} ({other})");
            }
            catch (ProblemException e)
            {
                (e.IsUnknown ? doubts : problems).AddRange(e.Problems);
            }
            catch (JsonException e)
            {
                problems.Add(
                    new Problem(
                    $"{client.Registry}/{repository}@{entry.Digest}, attached to {subject}, is no Sigstore bundle: " +
                    $"{e.Message}", Remedy: "Find out who attached it, and remove it"));
            }
        }

        return new ListedBundles(bundles, doubts, problems, others);
    }

    /// <summary>
    /// The registry's own list, or else the index that takes its place; where it comes from, for messages. A registry
    /// whose answer is none may still have such an index: who attaches things writes one there.
    /// </summary>
    static async Task<(string List, IReadOnlyList<JsonElement> Entries,
        List<Problem> Doubts)> ListAsync(RegistryClient client, string repository, string subject,
        CancellationToken cancellation)
    {
        var doubts = new List<Problem>();
        try
        {
            var own = await client.ReferrersAsync(repository, subject, cancellation);
            if (own.Entries is { } entries)
                return ($"{client.Registry}'s list of what is attached to {subject}", entries, doubts);
            if (own.Doubt is { } doubt)
                doubts.Add(new Problem($"{doubt}: it does not say what is attached to {subject}"));
        }
        catch (ProblemException e)
        {
            doubts.AddRange(e.Problems);
        }

        var fallback = $"The list of what is attached, {client.Registry}/{repository}:{ReferrersIndex.TagOf(subject)},";
        try
        {
            return (fallback, (await new Referrers(client).IndexAsync(repository, subject, cancellation)).Entries,
                doubts);
        }
        catch (ProblemException e)
        {
            doubts.AddRange(e.Problems);
            return (fallback, [], doubts);
        }
    }

    /// <summary>What an entry is, where it cannot be a bundle; a list need not say what it is.</summary>
    static string? OtherThanABundle(JsonElement entry)
    {
        if (OciJson.Text(entry, "mediaType") is { } type && !OciMediaTypes.IsManifest(type))
            return OciJson.Text(entry, "artifactType") ?? type;
        return OciJson.Text(entry, "artifactType") is { Length: > 0 } artifact and not OciMediaTypes.Empty
            && !artifact.StartsWith(BundleType, StringComparison.Ordinal) ? artifact : null;
    }

    static OciDescriptor? TryRead(JsonElement entry)
    {
        try
        {
            return OciDescriptor.Read(entry);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static async Task<(SigstoreBundle? Bundle, string Other)> ReadAsync(
        RegistryClient client, string repository, string subject, OciDescriptor entry, string list,
            CancellationToken cancellation)
    {
        ProblemException Stale(string what) => new($"{list} is stale: it names {entry.Digest}, which {what}",
            "Run Push again, and see who else writes to the repository");
        var stored = await client.GetManifestAsync(repository, entry.Digest, cancellation: cancellation)
            ?? throw Stale("is not there");
        if (stored.Descriptor.Size != entry.Size)
            throw Stale($"has {stored.Descriptor.Size} bytes and not {entry.Size}");
        var (of, layer, other) = OciJson.Parse(stored.Content, json =>
        {
            var of = OciDescriptor.Read(OciJson.Require(json, "subject", JsonValueKind.Object)).Digest;
            var what = ImageManifests.OtherThanAnImageIn(json) ?? "an image";
            return (of, json.TryGetProperty("layers", out _) ? OciManifest.Read(entry.Digest, json)
                .Layers.FirstOrDefault(x => x.MediaType == SigstoreBundle.Version3) : null, what);
        });
        if (of != subject) throw Stale($"is attached to {of} and not to {subject}");
        return (layer is null ? null : SigstoreBundle.Read(await client.GetBlobAsync(repository, layer, cancellation)),
            other);
    }

    static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
