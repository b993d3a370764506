using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>Whether something is said of a manifest by whom it has to be, and if not, what there is in its place.</summary>
/// <param name="reference">Where the image is.</param>
/// <param name="subject">The manifest or index.</param>
/// <param name="bundles">What is attached to it.</param>
/// <param name="isSigned">Whether a bundle is signed by whom it has to be.</param>
/// <param name="trust">Who that is, for messages.</param>
sealed class StatementCheck(RegistryReference reference, OciDescriptor subject, IReadOnlyList<SigstoreBundle> bundles, Func<SigstoreBundle, bool> isSigned, Trust trust)
{
    const string Distrust = "Do not use this image until you know who did it; to put it right, run Sign and Push again";

    string Name => $"{reference.Name}@{subject.Digest}{(subject.Platform is null ? "" : $" ({subject.Platform})")}";

    /// <summary>The statements of a type that hold.</summary>
    public IReadOnlyList<InTotoStatement> Valid(string type) =>
        [.. bundles.Where(x => x.Statement.PredicateType == type && x.Statement.Subjects.Contains(subject.Digest) && isSigned(x)).Select(x => x.Statement)];

    /// <summary>Why there is none of a type; null when there is one.</summary>
    public Problem? Explain(string type)
    {
        if (Valid(type).Count > 0) return null;
        var what = PredicateTypes.NameOf(type);
        var candidates = bundles.Where(x => x.Statement.PredicateType == type).ToList();
        if (candidates.FirstOrDefault(x => x.Statement.Subjects.Contains(subject.Digest)) is not null)
            return new Problem($"{Name}: its {what} is signed by somebody else", Expected: $"by {trust}", Remedy: $"{Distrust}; if the key was changed, name the one that it was signed with");
        if (candidates is [var other, ..])
            return new Problem($"{Name}: its {what} is that of another image, {string.Join(", ", other.Statement.Subjects)}", Expected: $"one of {subject.Digest}", Remedy: Distrust);
        if (bundles.Count == 0) return new Problem($"{Name}: it has no {what}, and nothing else is attached to it", Expected: $"one by {trust}", Remedy: Distrust);
        var others = string.Join(", ", bundles.Select(x => PredicateTypes.NameOf(x.Statement.PredicateType)).Distinct().Order(StringComparer.Ordinal));
        return type == PredicateTypes.Signature
            ? new Problem($"{Name}: it has an attestation without a signature ({others})", Expected: $"a signature by {trust}", Remedy: Distrust)
            : new Problem($"{Name}: the list of what is attached to it has no {what}, only: {others}", Expected: $"one by {trust}", Remedy: "Run Push again: the list is stale, or somebody else wrote it");
    }
}
