using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// Says how the SBOM that is attached to a platform's manifest differs from what is in the image: one line for each
/// difference, none where it is true.
/// </summary>
/// <param name="image">The image, as the registry has it.</param>
/// <param name="platform">The manifest of the platform.</param>
/// <param name="sbom">What is attached to that.</param>
/// <param name="provenance">The signed provenance of the manifest; null where there is none.</param>
public delegate IReadOnlyList<string> SbomComparison(OciLayout image, OciDescriptor platform, JsonElement sbom,
    Provenance? provenance);

/// <summary>What came of the verification of one image.</summary>
/// <param name="Reference">As it was asked for.</param>
/// <param name="Digest">What that led to; null where it led nowhere.</param>
/// <param name="Checks">What was checked.</param>
public sealed record VerifiedImage(RegistryReference Reference, string? Digest, IReadOnlyList<Check> Checks)
{
    /// <summary>
    /// What is said, by whom it has to be said, of where each of its manifests comes from, by digest.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Provenance>> Provenances { get; init; } =
        new Dictionary<string, IReadOnlyList<Provenance>>();

    /// <summary>What all of that was told from: kind and digest of each bundle.</summary>
    public IReadOnlyList<(string PredicateType, string Digest)> Statements { get; init; } = [];

    /// <summary>The lowest of its manifests.</summary>
    public BuildLevel Level { get; init; } = new(0, "it was not found out");

    /// <summary>Whether the image is what it says.</summary>
    public Verdict Verdict => Answer.All([.. Checks.Select(x => x.Answer)]).Verdict;
}

/// <summary>
/// Verifies images from the registry alone: nothing that is on this machine counts but the key, or the identity, that
/// is trusted. What has to be said has to be said by those; what others, or the same, say besides is told, and changes
/// nothing (in-toto: monotonic).
/// </summary>
/// <param name="cosign">cosign.</param>
/// <param name="trust">Whose signatures count.</param>
/// <param name="key">The key to that; null where it is an identity.</param>
/// <param name="offline">With a key: what keeps cosign offline.</param>
/// <param name="compareSbom">Compares SBOMs with images.</param>
public sealed class ImageVerifier(Cosign cosign, Trust trust, PublicKey? key, OfflineConfiguration? offline,
    SbomComparison compareSbom)
{
    /// <summary>The most differences of an SBOM that are told.</summary>
    const int MostDifferences = 10;

    const string Bytes = "every byte is what its digest says";

    /// <summary>What is said besides, without which an image does not pass; types of predicates.</summary>
    public IReadOnlyCollection<string> Required { get; init; } = [];

    readonly StockVerification _stock = new(cosign, trust, offline);
    readonly SignatureCheck _signatures = new(new StockVerification(cosign, trust, offline), trust, key);

    /// <param name="client">The registry.</param>
    /// <param name="reference">The image.</param>
    /// <param name="directory">Takes the image; removed by the caller.</param>
    public async Task<VerifiedImage> VerifyAsync(RegistryClient client, RegistryReference reference,
        AbsolutePath directory, CancellationToken cancellation = default)
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
            return new VerifiedImage(reference, null, [new Check(name, Bytes, Answer.Of(e))]);
        }

        checks.Add(new Check(name, Bytes, image.Answer));
        var said = new Dictionary<string, SaidProvenance>(StringComparer.Ordinal);
        var sources = new List<SigstoreBundle>();
        foreach (var subject in image.Subjects)
            said[subject.Digest] = await CheckSubjectAsync(client, image, subject, checks, sources, cancellation);
        await AddAsync(checks, name, "tags lead where they should", async () => said[image.Root.Digest] switch
        {
            { Provenances: { Count: > 0 } provenances } =>
                await new TagCheck(client, async (repository, other, token) =>
                await ProvenancesAsync(client, reference with { Repository = repository }, other, token))
                    .RunAsync(reference, image.Root, provenances, cancellation),
            { IsKnown: false } =>
                Answer.Unknown(
                new Problem(
                $"{name}: without provenance nothing says which tags it may have, and whether it has one nobody can " +
                $"tell", Remedy: "See the problems above")),
            _ => Answer.No(
                new Problem($"{name}: without provenance nothing says which tags it may have",
                Remedy: "See the problems above")),
        });
        return new VerifiedImage(reference, image.Root.Digest, checks)
        {
            Provenances = said.ToDictionary(x => x.Key, x => x.Value.Provenances),
            Statements = [.. sources.Select(x => (x.Statement.PredicateType, x.Digest)).Distinct()],
            Level = said.Values.Select(x => BuildLevel.Of(x.Provenances, trust)).MinBy(x => x.Level)!,
        };
    }

    async Task<SaidProvenance> CheckSubjectAsync(RegistryClient client, FetchedImage image, OciDescriptor subject,
        List<Check> checks, List<SigstoreBundle> sources, CancellationToken cancellation)
    {
        var pinned = $"{image.Reference.Name}@{subject.Digest}";
        var isPlatform = image.Platforms.Any(x => x.Digest == subject.Digest);
        var name = isPlatform ? subject.Platform ?? pinned : "index";
        var listed = await ListedBundles.OfAsync(client, image.Reference.Repository, subject.Digest, cancellation);
        var types = isPlatform
            ? (string[])[PredicateTypes.Signature, PredicateTypes.Sbom, PredicateTypes.Provenance]
            : [PredicateTypes.Signature, PredicateTypes.Provenance];
        var stock = await Task.WhenAll(types.Select(async type => type == PredicateTypes.Signature
            ? (Payloads: [], Failure: await _stock.SignatureAsync(pinned, cancellation))
            : await _stock.AttestationsAsync(pinned, type, cancellation)));
        var statements = new StatementCheck(
            image.Reference, subject, listed, x =>
                _signatures.IsSigned(x, stock.SelectMany(y => y.Payloads), stock[0].Failure is null), _signatures);
        var answers = types
            .Zip(stock, (type, x) => (Type: type, Answer: Agreed(pinned, type, statements.Of(type), x.Failure)))
            .ToList();
        sources.AddRange(types.SelectMany(statements.Bundles));
        var attached = AttachedTo(listed, isMissed: answers.Any(x => x.Answer.Verdict != Verdict.Yes));
        checks.Add(new Check(name, "what is attached is there", attached with
        {
            // Whose it is, nobody can tell where cosign could not ask.
            Notes = [.. attached.Notes, .. statements.Foreign(types.Zip(stock)
                .Where(x => _signatures.IsOfKey || x.Second.Failure is not { IsOfNetwork: true })
                .Select(x => x.First))],
        }));
        foreach (var (type, answer) in answers)
            checks.Add(new Check(name, $"{PredicateTypes.NameOf(type)} by whom it should be", answer));

        var said =
            SaidProvenance.Of(pinned, statements.Valid(PredicateTypes.Provenance), answers[^1]
            .Answer.Verdict != Verdict.Unknown);
        var further = await new FurtherStatements(subject, listed, _signatures, Required)
            .AnswerAsync(pinned, isPlatform, isRoot: subject.Digest == image.Root.Digest, cancellation);
        checks.Add(new Check(name, "what else is said is read", further with
        {
            Notes = [.. further.Notes, $"{BuildLevel.Of(said.Provenances, trust)}"],
        }));
        if (said.Unreadable.Count > 0) checks.Add(new Check(name, "provenance can be read",
            said.Provenances.Count == 0 ? Answer.Of(said.Unreadable) : Answer.Yes
                with
            { Notes = [.. said.Unreadable.Select(x => x.Found)] }));
        if (!isPlatform || image.Layout is not { } layout) return said;
        // Any of several is enough: the image may have been built again, and have come out the same.
        var labels = layout.ReadConfig(layout.ReadManifest(subject.Digest)).Labels;
        var provenance = said.Provenances.FirstOrDefault(x => LabelCheck.Of(pinned, labels, x).Count == 0)
            ?? (said.Provenances is [.., var last] ? last : null);
        if (statements.Valid(PredicateTypes.Sbom) is { Count: > 0 } sboms)
            await AddAsync(checks, name, "SBOM is that of the image", () =>
                Task.FromResult(Compare(layout, subject, sboms, pinned, provenance)));
        if (provenance is null) return said;
        await AddAsync(checks, name, "labels are true", () =>
            Task.FromResult(Answer.Of(LabelCheck.Of(pinned, labels, provenance))));
        await AddAsync(checks, name, "base image is the one that it names", async () =>
            Answer.Of(await LabelCheck.BaseAsync(client, image, subject, provenance, cancellation)));
        return said;
    }

    /// <summary>What is found here, and what cosign says of the same.</summary>
    Answer Agreed(string pinned, string type, Answer found, StockFailure? failure)
    {
        var what = PredicateTypes.NameOf(type);
        if (failure is { IsOfNetwork: true } && (found.Verdict == Verdict.Yes || !_signatures.IsOfKey))
            return Answer.Unknown(
                new Problem($"{pinned}: cosign cannot ask for its {what}: {failure.Why}",
                Remedy: "Run the same command again when the registry answers as it should"));
        return found.Verdict != Verdict.Yes || failure is null ? found
            : Answer.No(
                new Problem($"{pinned}: cosign does not accept its {what}: {failure.Why}", Expected: $"one by {trust}",
                Remedy: "Do not use this image until you know why"));
    }

    /// <summary>What is wrong with what is attached is of interest where something is missing that has to be
    /// there.</summary>
    static Answer AttachedTo(ListedBundles listed, bool isMissed) =>
        !isMissed ? Answer.Yes
            with
        {
            Notes =
            [
                .. listed.Others.Select(x => $"something else is attached: {x}"),
                .. listed.Doubts.Concat(listed.Problems).Select(x => x.Found),
            ]
        }
        : listed.Doubts.Count > 0 ? new Answer(Verdict.Unknown, [.. listed.Doubts, .. listed.Problems])
        : Answer.Of(listed.Problems)
            with
        { Notes = [.. listed.Others.Select(x => $"something else is attached: {x}")] };

    Answer Compare(OciLayout layout, OciDescriptor subject, IReadOnlyList<InTotoStatement> sboms, string pinned,
        Provenance? provenance)
    {
        var differences = sboms.Select(x => DifferencesOf(layout, subject, x, provenance)).ToList();
        if (differences.FindIndex(x => x.Count == 0) is var fitting and >= 0)
            return Answer.Yes
                with
            {
                Notes = [.. differences.Where((x, i) => i != fitting && x.Count > 0)
                    .Select(x => $"another SBOM by the same signer differs from the image: {x[0]}")]
            };
        // The nearest is the one that was meant.
        var nearest = differences.MinBy(x => x.Count)!;
        return Answer.Of(
        [
            .. nearest.Take(MostDifferences)
                .Select(x =>
                new Problem($"{pinned}: the SBOM is not that of the image: {x}",
                Remedy: "Do not believe the SBOM; run Sbom, Sign and Push again")),
            .. nearest.Count > MostDifferences
                ? [new Problem($"{pinned}: the SBOM has {nearest.Count - MostDifferences} more differences")]
                : Array.Empty<Problem>(),
        ]);
    }

    IReadOnlyList<string> DifferencesOf(OciLayout layout, OciDescriptor subject, InTotoStatement sbom,
        Provenance? provenance)
    {
        try
        {
            return compareSbom(layout, subject, sbom.Predicate, provenance);
        }
        catch (JsonException e)
        {
            return [$"it cannot be understood: {e.Message}"];
        }
    }

    async Task<SaidProvenance> ProvenancesAsync(RegistryClient client, RegistryReference reference,
        OciDescriptor other, CancellationToken cancellation)
    {
        var pinned = $"{reference.Name}@{other.Digest}";
        var listed = await ListedBundles.OfAsync(client, reference.Repository, other.Digest, cancellation);
        var (isSigned, doubt) = await _signatures.OfAsync(pinned, PredicateTypes.Provenance, cancellation);
        var statements = new StatementCheck(reference, other, listed, isSigned, _signatures);
        return SaidProvenance.Of(pinned, statements.Valid(PredicateTypes.Provenance), isKnown: doubt is null
            && listed.Doubts.Count == 0);
    }

    static async Task AddAsync(List<Check> checks, string subject, string name, Func<Task<Answer>> check)
    {
        try
        {
            checks.Add(new Check(subject, name, await check()));
        }
        catch (ProblemException e)
        {
            checks.Add(new Check(subject, name, Answer.Of(e)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            checks.Add(new Check(subject, name, Answer.No(new Problem($"{subject}: cannot be read: {e.Message}"))));
        }
    }
}
