using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// Whether something is said of a manifest by whom it has to be, and if not, what there is in its place.
/// </summary>
/// <param name="reference">Where the image is.</param>
/// <param name="subject">The manifest or index.</param>
/// <param name="listed">What is attached to it.</param>
/// <param name="isSigned">Whether a bundle is signed by whom it has to be.</param>
/// <param name="signatures">Who that is.</param>
sealed class StatementCheck(RegistryReference reference, OciDescriptor subject, ListedBundles listed,
    Func<SigstoreBundle, bool> isSigned, SignatureCheck signatures)
{
    const string Distrust = "Do not use this image until you know who did it; to put it right, run Sign and Push again";

    string Name => $"{reference.Name}@{subject.Digest}{(subject.Platform is null ? "" : $" ({subject.Platform})")}";

    string Signer => $"{signatures.Trust}";

    /// <summary>The statements of a type that hold.</summary>
    public IReadOnlyList<InTotoStatement> Valid(string type) => [.. Bundles(type).Select(x => x.Statement)];

    /// <summary>What is said in the same way by somebody else, which neither counts nor harms.</summary>
    public IEnumerable<string> Foreign(IEnumerable<string> types) => types
        .Select(type => (Type: type, Count: listed.Bundles.Count(x => x.Statement.PredicateType == type
            && x.Statement.Subjects.Contains(subject.Digest) && !isSigned(x))))
        .Where(x => x.Count > 0).Select(x => $"{PredicateTypes.NameOf(x.Type)}: {ByOthers(x.Count)}");

    /// <summary>So many by somebody else.</summary>
    public static string ByOthers(int count) =>
        $"{(count == 1 ? "one" : $"{count}")} by somebody else, which does not count";

    /// <summary>The bundles that these come in.</summary>
    public IEnumerable<SigstoreBundle> Bundles(string type) => listed.Bundles.Where(x =>
        x.Statement.PredicateType == type && x.Statement.Subjects.Contains(subject.Digest) && isSigned(x));

    /// <summary>Whether there is one of a type. Where there is none among what could be read, and not all could be,
    /// nobody can tell.</summary>
    public Answer Of(string type)
    {
        if (Valid(type).Count > 0) return Answer.Yes;
        var what = PredicateTypes.NameOf(type);
        if (listed.Doubts.Count > 0)
            return Answer.Unknown(new Problem($"{Name}: nobody can tell whether it has a {what} by {Signer}: what is "
                + "attached to it could not all be read",
                Remedy: "Run the same command again when the registry answers as it should"));
        return Answer.No(Explain(type, what));
    }

    Problem Explain(string type, string what)
    {
        var candidates = listed.Bundles.Where(x => x.Statement.PredicateType == type).ToList();
        bool Concerns(SigstoreBundle x) => x.Statement.Subjects.Contains(subject.Digest)
            || (signatures.IsOfKey && !isSigned(x));
        if (candidates.Find(Concerns) is { } unsigned)
            return signatures.IsNamedBy(unsigned) switch
            {
                true =>
                    new Problem(
                    $"{Name}: its {what} is not what was signed: it names the key, and the "
                    + "signature is not of this text",
                    Expected: $"one by {Signer}", Remedy: Distrust),
                false =>
                    new Problem($"{Name}: its {what} is signed by somebody else", Expected: $"by {Signer}",
                    Remedy: $"{Distrust}; if the key was changed, name the one that it was signed with"),
                null =>
                    new Problem($"{Name}: its {what} is signed by somebody else, or was changed after it was signed",
                    Expected: $"by {Signer}", Remedy: Distrust),
            };
        if (candidates is [var other, ..])
            return new Problem(
                $"{Name}: its {what} is that of another image, {string.Join(", ", other.Statement.Subjects)}",
                Expected: $"one of {subject.Digest}", Remedy: Distrust);
        if (listed.Bundles.Count == 0)
            return new Problem(
                $"{Name}: it has no {what}, and nothing else is attached to " +
                $"it{(listed.Others.Count == 0 ? "" : " that is signed")}", Expected: $"one by {Signer}",
                Remedy: Distrust);
        var others = string.Join(", ", listed.Bundles.Select(x => PredicateTypes.NameOf(x.Statement.PredicateType))
            .Distinct()
            .Order(StringComparer.Ordinal));
        return type == PredicateTypes.Signature
            ? new Problem($"{Name}: it has an attestation without a signature ({others})",
                Expected: $"a signature by {Signer}", Remedy: Distrust)
            : new Problem($"{Name}: the list of what is attached to it has no {what}, only: {others}",
                Expected: $"one by {Signer}", Remedy: "Run Push again: the list is stale, or somebody else wrote it");
    }
}
