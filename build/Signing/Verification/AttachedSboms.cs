using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>The SBOM of one platform of an image, as it is attached: whether it is true, verification says.</summary>
/// <param name="Manifest">Of the platform, which is empty where nobody says it.</param>
/// <param name="Json">A CycloneDX document.</param>
/// <param name="Doubt">Why it may not be the one that is meant; null where signature and subject say that it
/// is.</param>
sealed record AttachedSbom(OciDescriptor Manifest, string Json, string? Doubt)
{
    public string Platform => Manifest.Platform ?? "";
}

/// <summary>
/// The SBOMs that are attached to an image in a registry, one per platform. Anybody may attach one: whose document it
/// is, signature and subject decide.
/// </summary>
/// <param name="cosign">cosign; asked where keys cannot be judged here.</param>
/// <param name="trust">Whose signatures count; null where nobody says it.</param>
/// <param name="key">The key to that.</param>
/// <param name="offline">With a key: what keeps cosign offline.</param>
public sealed class AttachedSboms(Cosign cosign, Trust? trust, PublicKey? key, OfflineConfiguration? offline)
{
    const string Name = "--verification-key, or --certificate-identity and --certificate-oidc-issuer";

    readonly SignatureCheck? _signatures = trust is null ? null
        : new(new StockVerification(cosign, trust, offline), trust, key);

    /// <param name="client">The registry.</param>
    /// <param name="reference">The image.</param>
    /// <exception cref="ProblemException">
    /// There is no such image, none is attached to one of its platforms, or (<see cref="ProblemException.IsUnknown"/>)
    /// nobody can tell which.
    /// </exception>
    internal async Task<IReadOnlyList<AttachedSbom>> OfAsync(RegistryClient client, RegistryReference reference,
        CancellationToken cancellation = default)
    {
        var image = await RemoteImage.FindAsync(client, reference, cancellation)
            ?? throw new ProblemException($"There is no image {reference}",
                "See whether it was published, and under which tags: ./build.sh Tags");
        return await OfAsync(client, image, cancellation);
    }

    /// <inheritdoc cref="OfAsync(RegistryClient, RegistryReference, CancellationToken)"/>
    internal async Task<IReadOnlyList<AttachedSbom>> OfAsync(RegistryClient client, RemoteImage image,
        CancellationToken cancellation = default)
    {
        var sboms = new List<AttachedSbom>();
        foreach (var platform in image.Platforms)
            sboms.Add(await OfAsync(client, image.Reference, platform, cancellation));
        return sboms;
    }

    async Task<AttachedSbom> OfAsync(RegistryClient client, RegistryReference reference, OciDescriptor platform,
        CancellationToken cancellation)
    {
        var pinned = $"{reference.Name}@{platform.Digest}";
        var listed = await ListedBundles.OfAsync(client, reference.Repository, platform.Digest, cancellation);
        var all = listed.Bundles.Where(x => x.Statement.PredicateType == PredicateTypes.Sbom
            && x.Statement.Subjects.Contains(platform.Digest)).ToList();
        var (isSigned, doubt) = _signatures is null ? (_ => true, null)
            : await _signatures.OfAsync(pinned, PredicateTypes.Sbom, cancellation);
        var found = all.Where(isSigned).Select(x => x.Statement.Predicate)
            .Aggregate(new List<JsonElement>(), (different, x) =>
        {
            if (!different.Any(y => JsonElement.DeepEquals(x, y))) different.Add(x);
            return different;
        });
        // One that says itself that it is of this image is meant, and not what somebody found out about a part of it.
        if (found.Where(x => IsOf(x, platform.Digest)).ToList() is { Count: > 0 } own) found = own;
        if (found.Count == 0) throw Missing(pinned, listed, all.Count, doubt);
        if (found.Count > 1 && _signatures is null) throw new ProblemException(
            new Problem($"{pinned} has {found.Count} different SBOMs attached, and nothing says whose counts",
                Remedy: $"Give {Name}"))
        { IsUnknown = true };
        var why = _signatures is null ? "its signature was not looked at"
            : found.Count > 1 ? $"{trust} signed {found.Count} different ones; this is the last" : null;
        return new AttachedSbom(platform, found[^1].GetRawText(), why is null ? null
            : $"The SBOM of {pinned}: {why}");
    }

    ProblemException Missing(string pinned, ListedBundles listed, int others, string? doubt)
    {
        if (listed.Doubts.Count > 0 || doubt is not null) return new ProblemException(
            [new Problem($"{pinned}: nobody can tell whether it has an SBOM{(doubt is null ? "" : $": {doubt}")}"),
                .. listed.Doubts])
        { IsUnknown = true };
        var problem = others == 0
            ? new Problem($"{pinned} has no SBOM attached", Remedy: "Publish it again: ./build.sh Push")
            : new Problem(
                $"{pinned} has {(others == 1 ? "an SBOM" : $"{others} SBOMs")} attached, and none by {trust}",
                Remedy: "Publish it again: ./build.sh Push");
        return new ProblemException([problem, .. listed.Problems]);
    }

    /// <summary>Whether a document says that it is about a manifest (CycloneDX,
    /// <c>metadata.component.hashes</c>).</summary>
    static bool IsOf(JsonElement document, string digest) =>
        document.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty("component", out var component)
        && component.ValueKind == JsonValueKind.Object && component.TryGetProperty("hashes", out var hashes)
            && hashes.ValueKind == JsonValueKind.Array
        && hashes.EnumerateArray()
            .Any(x => OciJson.Text(x, "alg") == "SHA-256" && $"sha256:{OciJson.Text(x, "content")}" == digest);
}
