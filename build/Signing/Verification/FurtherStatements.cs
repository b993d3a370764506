using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// What is said of a manifest besides what has to be: it is read and told, and makes nothing worse, whoever says it,
/// unless it is asked for. What somebody else says does not count, and is told too.
/// </summary>
/// <param name="subject">The manifest, or index.</param>
/// <param name="listed">What is attached to it.</param>
/// <param name="signatures">Whose signatures count.</param>
/// <param name="required">Types without which the image does not pass.</param>
sealed class FurtherStatements(OciDescriptor subject, ListedBundles listed, SignatureCheck signatures,
    IReadOnlyCollection<string> required)
{
    /// <summary>What is looked for, and how each is told in a line.</summary>
    static readonly (string Type, Func<JsonElement, string> Summary)[] s_kinds =
    [
        (PredicateTypes.TestResult, x => TestResult.Summarize(x).Summary),
        (PredicateTypes.OpenVex, StatementSummary.OfOpenVex),
        (PredicateTypes.CycloneDxVex, StatementSummary.OfCycloneDxVex),
        (PredicateTypes.ReleaseNotes, StatementSummary.OfReleaseNotes),
        (PredicateTypes.VerificationSummary, StatementSummary.OfVerification),
    ];

    /// <summary>
    /// What a platform's manifest is asked for, and the image as a whole; the others are told where they are there.
    /// </summary>
    static string[] Expected(bool isPlatform, bool isRoot) =>
        [.. isPlatform ? (string[])[PredicateTypes.TestResult, PredicateTypes.OpenVex] : [],
            .. isRoot ? (string[])[PredicateTypes.ReleaseNotes] : []];

    /// <param name="pinned">Repository and digest.</param>
    /// <param name="isPlatform">Whether it is the manifest of a platform.</param>
    /// <param name="isRoot">Whether it is what tags lead to.</param>
    public async Task<Answer> AnswerAsync(string pinned, bool isPlatform, bool isRoot,
        CancellationToken cancellation = default)
    {
        var (notes, problems, missing) = (new List<string>(), new List<Problem>(), new List<string>());
        var expected = Expected(isPlatform, isRoot);
        foreach (var (type, summary) in s_kinds)
        {
            var name = PredicateTypes.NameOf(type);
            var (said, told) = await ReadAsync(pinned, type, summary, cancellation);
            notes.AddRange(told);
            if (said.Count == 0 && expected.Contains(type)) missing.Add(name);
            if (!required.Contains(type) || !expected.Contains(type)) continue;
            if (said.Count == 0)
                problems.Add(new Problem($"{pinned}: it has no {name}", Expected: $"one by {signatures.Trust}",
                    Remedy: "Make one and run Sign and Push again, or do not ask for it"));
            else if (type == PredicateTypes.TestResult
                && said.All(x => x.StartsWith("FAILED", StringComparison.Ordinal)))
                problems.Add(new Problem($"{pinned}: its {name} is {said[^1]}", Expected: "one that passed",
                    Remedy: "Do not use this image"));
        }

        if (missing.Count > 0) notes.Add(string.Join(", ", missing.Select(x => $"no {x}")));
        return (problems.Count > 0 && listed.Doubts.Count > 0
            ? new Answer(Verdict.Unknown, [.. problems, .. listed.Doubts]) : Answer.Of(problems))
            with
        { Notes = notes };
    }

    /// <summary>What counts of a type, each in a line, and all that is to be told.</summary>
    async Task<(List<string> Said, List<string> Told)> ReadAsync(string pinned, string type,
        Func<JsonElement, string> summary, CancellationToken cancellation)
    {
        var (said, told) = (new List<string>(), new List<string>());
        var name = PredicateTypes.NameOf(type);
        var bundles = listed.Bundles.Where(x => x.Statement.PredicateType == type
            && x.Statement.Subjects.Contains(subject.Digest)).ToList();
        if (bundles.Count == 0) return (said, told);
        var (isSigned, doubt) = await signatures.OfAsync(pinned, type, cancellation);
        if (doubt is not null) told.Add($"{name}: cosign cannot ask whose it is: {doubt}");
        foreach (var bundle in bundles.Where(isSigned))
        {
            try
            {
                said.Add(summary(bundle.Statement.Predicate));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                told.Add($"{name}: it is signed by {signatures.Trust} and of a form of somebody else's: {e.Message}");
            }
        }

        told.AddRange(said.Distinct().Select(x => $"{name}: {x}"));
        if (doubt is null && bundles.Count(x => !isSigned(x)) is var others and > 0)
            told.Add($"{name}: {StatementCheck.ByOthers(others)}");
        return (said, told);
    }
}
