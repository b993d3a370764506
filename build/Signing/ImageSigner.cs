using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// Makes the bundles of an image, before any registry has seen it: what is signed are the bytes of its manifests.
/// </summary>
/// <param name="cosign">What signs.</param>
/// <param name="signer">Who signs.</param>
/// <param name="offline">With a key: what keeps cosign offline.</param>
/// <param name="publicKey">The key that the signatures have to be of; null without a key.</param>
public sealed class ImageSigner(Cosign cosign, Signer signer, OfflineConfiguration? offline, PublicKey? publicKey)
{
    /// <summary>
    /// Name of a manifest in names of files: that of its platform, <c>linux-amd64</c>, or <c>index</c>.
    /// </summary>
    public static string NameOf(OciDescriptor manifest) =>
        OciMediaTypes.IsIndex(manifest.MediaType) ? "index" : PlatformName.ForFiles(manifest.Platform!);

    /// <summary>
    /// What is to be signed of an image, in the order in which it is to be attached: the platforms before the index, of
    /// each manifest the signature last, because by it the others are believed to be complete.
    /// </summary>
    /// <param name="layout">The image.</param>
    /// <param name="sbom">The SBOM of a platform's manifest.</param>
    /// <param name="provenance">The provenance of a manifest or the index.</param>
    /// <param name="emptyPredicate">A file that holds <c>{}</c>.</param>
    /// <param name="besides">What else is said of a platform's manifest: the predicates, by type.</param>
    public static IReadOnlyList<Attestation> AttestationsOf(
        OciLayout layout, Func<OciDescriptor, AbsolutePath> sbom, Func<OciDescriptor, AbsolutePath> provenance,
        AbsolutePath emptyPredicate,
        Func<OciDescriptor, IEnumerable<(string Type, AbsolutePath Predicate)>>? besides = null)
    {
        Attestation Say(OciDescriptor of, string type, AbsolutePath predicate) =>
            new(of, layout.Blob(of.Digest), type, predicate,
                $"{PredicateTypes.NameOf(type).ToLowerInvariant().Replace(' ', '-')}-{NameOf(of)}");

        var platforms = layout.Manifests().SelectMany(x => (Attestation[])
        [
            Say(x, PredicateTypes.Sbom, sbom(x)),
            Say(x, PredicateTypes.Provenance, provenance(x)),
            .. (besides?.Invoke(x) ?? []).Select(y => Say(x, y.Type, y.Predicate)),
            Say(x, PredicateTypes.Signature, emptyPredicate),
        ]);
        if (!OciMediaTypes.IsIndex(layout.Root.MediaType)) return [.. platforms];
        return
        [
            .. platforms,
            Say(layout.Root, PredicateTypes.Provenance, provenance(layout.Root)),
            Say(layout.Root, PredicateTypes.Signature, emptyPredicate),
        ];
    }

    /// <summary>Signs, side by side, and reads every bundle back.</summary>
    /// <param name="attestations">What is said.</param>
    /// <param name="directory">Where the bundles go.</param>
    /// <returns>The bundles, in the order of what is said.</returns>
    /// <exception cref="ProblemException">cosign cannot sign, or wrote something else than it was asked to.</exception>
    public async Task<IReadOnlyList<AttachedBundle>> SignAsync(IReadOnlyList<Attestation> attestations,
        AbsolutePath directory, CancellationToken cancellation = default) =>
        await Task.WhenAll(attestations.Select(async x =>
        {
            var bundle = directory / $"{x.Name}.sigstore.json";
            await cosign.AttestAsync(x, signer, offline, bundle, cancellation);
            Check(x, bundle);
            return new AttachedBundle(x.Subject, x.PredicateType, bundle);
        }));

    void Check(Attestation attestation, AbsolutePath file)
    {
        try
        {
            var bundle = SigstoreBundle.Read(File.ReadAllBytes(file));
            using var predicate = JsonDocument.Parse(File.ReadAllBytes(attestation.Predicate));
            var wrong =
                bundle.Statement.Subjects is not [var digest] || digest != attestation.Subject.Digest
                    ? $"it is about {string.Join(", ", bundle.Statement.Subjects)}, and not about "
                        + $"{attestation.Subject.Digest}"
                : bundle.Statement.PredicateType != attestation.PredicateType
                    ? $"it says {bundle.Statement.PredicateType}, and not {attestation.PredicateType}"
                : !JsonElement.DeepEquals(bundle.Statement.Predicate, predicate.RootElement)
                    ? $"its predicate is not that of {attestation.Predicate}"
                : publicKey is { CanVerify: true } && !publicKey.Signed(bundle)
                    ? $"its signature is not one of {signer.Key}"
                : publicKey is null != bundle.HasCertificate
                    ? "it says nothing, or too much, of the key that it was signed with"
                : null;
            if (wrong is not null) throw new JsonException(wrong);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException)
        {
            throw new ProblemException(
                $"The bundle that cosign wrote to {file} is not what it was asked for: {e.Message}",
                "Use another version of cosign 3, and report this to its authors", e);
        }
    }
}
