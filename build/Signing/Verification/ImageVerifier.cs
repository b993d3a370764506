using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// Says how the SBOM that is attached to a platform's manifest differs from what is in the image: one line for each difference, none where it is true.
/// </summary>
/// <param name="image">The image, as the registry has it.</param>
/// <param name="platform">The manifest of the platform.</param>
/// <param name="sbom">What is attached to that.</param>
/// <param name="provenance">The signed provenance of the manifest; null where there is none.</param>
public delegate IReadOnlyList<string> SbomComparison(OciLayout image, OciDescriptor platform, JsonElement sbom, Provenance? provenance);

/// <summary>What came of the verification of one image.</summary>
/// <param name="Reference">As it was asked for.</param>
/// <param name="Digest">What that led to; null where it led nowhere.</param>
/// <param name="Checks">What was checked.</param>
public sealed record VerifiedImage(RegistryReference Reference, string? Digest, IReadOnlyList<Check> Checks);

/// <summary>Verifies images from the registry alone: nothing that is on this machine counts but the key, or the identity, that is trusted.</summary>
/// <param name="cosign">cosign.</param>
/// <param name="trust">Whose signatures count.</param>
/// <param name="key">The key to that; null where it is an identity.</param>
/// <param name="offline">With a key: what keeps cosign offline.</param>
/// <param name="compareSbom">Compares SBOMs with images.</param>
public sealed class ImageVerifier(Cosign cosign, Trust trust, PublicKey? key, OfflineConfiguration? offline, SbomComparison compareSbom)
{
    /// <summary>The most differences of an SBOM that are told.</summary>
    const int MostDifferences = 10;

    readonly StockVerification _stock = new(cosign, trust, offline);

    /// <param name="client">The registry.</param>
    /// <param name="reference">The image.</param>
    /// <param name="directory">Takes the image; removed by the caller.</param>
    public async Task<VerifiedImage> VerifyAsync(RegistryClient client, RegistryReference reference, AbsolutePath directory, CancellationToken cancellation = default)
    {
        var checks = new List<Check>();
        var name = reference.ToString();
        FetchedImage image;
        try
        {
            image = await FetchedImage.OfAsync(client, reference, directory, cancellation);
        }
        catch (ProblemException e)
        {
            return new VerifiedImage(reference, null, [new Check(name, "every byte is what its digest says", e.Problems)]);
        }

        checks.Add(new Check(name, "every byte is what its digest says", image.Problems));
        var provenances = new Dictionary<string, IReadOnlyList<Provenance>>(StringComparer.Ordinal);
        foreach (var subject in image.Subjects) provenances[subject.Digest] = await CheckSubjectAsync(client, image, subject, checks, cancellation);
        await AddAsync(checks, name, "tags lead where they should", async () => provenances[image.Root.Digest] is { Count: > 0 } said
            ? await new TagCheck(client, (repository, other, token) => ProvenancesAsync(client, reference with { Repository = repository }, other, token)).RunAsync(reference, image.Root, said, cancellation)
            : [new Problem($"{name}: without provenance nothing says which tags it may have", Remedy: "See the problems above")]);
        return new VerifiedImage(reference, image.Root.Digest, checks);
    }

    async Task<IReadOnlyList<Provenance>> CheckSubjectAsync(RegistryClient client, FetchedImage image, OciDescriptor subject, List<Check> checks, CancellationToken cancellation)
    {
        var pinned = $"{image.Reference.Name}@{subject.Digest}";
        var isPlatform = image.Platforms.Any(x => x.Digest == subject.Digest);
        var name = isPlatform ? subject.Platform ?? pinned : "index";
        var listed = await ListAsync(client, image.Reference.Repository, subject.Digest, cancellation);
        checks.Add(new Check(name, "what is attached is there", listed.Problems));
        var types = isPlatform ? (string[])[PredicateTypes.Signature, PredicateTypes.Sbom, PredicateTypes.Provenance] : [PredicateTypes.Signature, PredicateTypes.Provenance];
        var stock = await Task.WhenAll(types.Select(async type => type == PredicateTypes.Signature
            ? (Payloads: [], Failure: await _stock.SignatureAsync(pinned, cancellation))
            : await _stock.AttestationsAsync(pinned, type, cancellation)));
        var statements = new StatementCheck(image.Reference, subject, listed.Bundles, x => IsSigned(x, stock.SelectMany(y => y.Payloads), stock[0].Failure is null), trust);
        foreach (var (type, (_, failure)) in types.Zip(stock))
        {
            var problem = statements.Explain(type) ?? (failure is null ? null
                : new Problem($"{pinned}: cosign does not accept its {PredicateTypes.NameOf(type)}: {failure}", Expected: $"one by {trust}", Remedy: "Do not use this image until you know why"));
            checks.Add(new Check(name, $"{PredicateTypes.NameOf(type)} by whom it should be", problem is null ? [] : [problem]));
        }

        var (provenances, unreadable) = Read(pinned, statements.Valid(PredicateTypes.Provenance));
        if (unreadable.Count > 0) checks.Add(new Check(name, "provenance can be read", unreadable));
        if (!isPlatform || image.Layout is not { } layout) return provenances;
        await AddAsync(checks, name, "SBOM is that of the image", () => Task.FromResult<IReadOnlyList<Problem>>(Compare(compareSbom, layout, subject, statements, pinned, provenances is [.., var last] ? last : null)));
        if (provenances is [.., var provenance])
        {
            await AddAsync(checks, name, "labels are true", () => Task.FromResult(LabelCheck.Of(pinned, layout.ReadConfig(layout.ReadManifest(subject.Digest)).Labels, provenance)));
            await AddAsync(checks, name, "base image is the one that it names", () => LabelCheck.BaseAsync(client, image, subject, provenance, cancellation));
        }

        return provenances;
    }

    static List<Problem> Compare(SbomComparison compare, OciLayout layout, OciDescriptor subject, StatementCheck statements, string pinned, Provenance? provenance)
    {
        var problems = new List<Problem>();
        foreach (var statement in statements.Valid(PredicateTypes.Sbom))
        {
            var differences = compare(layout, subject, statement.Predicate, provenance);
            problems.AddRange(differences.Take(MostDifferences).Select(x => new Problem($"{pinned}: the SBOM is not that of the image: {x}", Remedy: "Do not believe the SBOM; run Sbom, Sign and Push again")));
            if (differences.Count > MostDifferences) problems.Add(new Problem($"{pinned}: the SBOM has {differences.Count - MostDifferences} more differences"));
        }

        return problems;
    }

    /// <summary>Keys of kinds that only cosign knows, and certificates: what it printed is what it verified.</summary>
    bool IsSigned(SigstoreBundle bundle, IEnumerable<byte[]> verified, bool hasSignature) => key is { CanVerify: true } ? key.Signed(bundle)
        : bundle.Statement.PredicateType == PredicateTypes.Signature ? hasSignature
        : verified.Any(x => x.AsSpan().SequenceEqual(bundle.Payload));

    async Task<IReadOnlyList<Provenance>> ProvenancesAsync(RegistryClient client, RegistryReference reference, OciDescriptor other, CancellationToken cancellation)
    {
        var pinned = $"{reference.Name}@{other.Digest}";
        var listed = await ListAsync(client, reference.Repository, other.Digest, cancellation);
        var verified = key is { CanVerify: true } ? [] : (await _stock.AttestationsAsync(pinned, PredicateTypes.Provenance, cancellation)).Payloads;
        return Read(pinned, new StatementCheck(reference, other, listed.Bundles, x => IsSigned(x, verified, hasSignature: false), trust).Valid(PredicateTypes.Provenance)).Provenances;
    }

    static (IReadOnlyList<Provenance> Provenances, IReadOnlyList<Problem> Problems) Read(string pinned, IReadOnlyList<InTotoStatement> statements)
    {
        var (provenances, problems) = (new List<Provenance>(), new List<Problem>());
        foreach (var statement in statements)
        {
            try
            {
                provenances.Add(Provenance.Read(statement.Predicate));
            }
            catch (JsonException e)
            {
                problems.Add(new Problem($"{pinned}: its provenance is not one of this build: {e.Message}", Remedy: "Verify it with the version of this repository that built it"));
            }
        }

        return (provenances, problems);
    }

    static async Task<ListedBundles> ListAsync(RegistryClient client, string repository, string subject, CancellationToken cancellation)
    {
        try
        {
            return await ListedBundles.OfAsync(client, repository, subject, cancellation);
        }
        catch (ProblemException e)
        {
            return new ListedBundles([], e.Problems);
        }
    }

    static async Task AddAsync(List<Check> checks, string subject, string name, Func<Task<IReadOnlyList<Problem>>> check)
    {
        try
        {
            checks.Add(new Check(subject, name, await check()));
        }
        catch (ProblemException e)
        {
            checks.Add(new Check(subject, name, e.Problems));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            checks.Add(new Check(subject, name, [new Problem($"{subject}: cannot be read: {e.Message}")]));
        }
    }
}
