using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>Whether tags lead where their images' signed provenance says that they do.</summary>
/// <param name="client">The registry.</param>
/// <param name="provenancesOf">
/// The provenance of another image in a repository, as far as it is signed by whom it has to be.
/// </param>
sealed class TagCheck(RegistryClient client,
    Func<string, OciDescriptor, CancellationToken, Task<SaidProvenance>> provenancesOf)
{
    const string Moved = "Do not trust the tag: somebody moved it, or removed it. Use the digest, or run Push again";

    /// <summary>
    /// An image may have several: it was built again and came out the same. Then one of them has to hold with all its
    /// tags; of a reference with a tag one that has that tag.
    /// </summary>
    /// <param name="reference">As the image was asked for.</param>
    /// <param name="image">Its manifest or index.</param>
    /// <param name="provenances">What its provenance says.</param>
    public async Task<Answer> RunAsync(RegistryReference reference, OciDescriptor image,
        IReadOnlyList<Provenance> provenances, CancellationToken cancellation = default)
    {
        var problems = new List<Problem>();
        var name = reference.Repository[(reference.Repository.LastIndexOf('/') + 1)..];
        var named = provenances.Where(x => x.Image == name).ToList();
        if (named.Count == 0)
            problems.Add(
            new Problem(
            $"{reference}: the image that is there is a {provenances[0].Image}, published as " +
            $"{provenances[0].Publication.Repository}",
            Expected: $"a {name}", Remedy: "Do not use it: somebody put it there"));
        var listed = new SortedSet<string>(provenances.SelectMany(x => x.Publication.Tags), StringComparer.Ordinal);
        if (reference.Tag is { } asked && !listed.Contains(asked))
            problems.Add(new Problem($"{reference}: the tag leads to {image.Digest}, which was not published under it",
            Expected: listed.Count == 0 ? "no tag to lead to it, as to a part of an image"
                : $"one of {string.Join(", ", listed)}", Remedy: Moved));

        var found = new Dictionary<string, Answer>(StringComparer.Ordinal);
        foreach (var tag in listed)
        {
            var isMoving = provenances.Where(x => x.Publication.Tags.Contains(tag))
                .All(x => x.Publication.Moving.Contains(tag));
            found[tag] = await CheckAsync(reference with { Tag = tag, Digest = null }, image, isMoving, cancellation);
        }

        var tags = (named.Count > 0 ? named : provenances)
            .Where(x => reference.Tag is not { } tag || !listed.Contains(tag) || x.Publication.Tags.Contains(tag))
            .Select(x => Answer.All([.. x.Publication.Tags.Order(StringComparer.Ordinal).Select(y => found[y])]))
                .ToList();
        var best = tags.Find(x => x.Verdict == Verdict.Yes) ?? tags.Find(x => x.Verdict == Verdict.Unknown)
            ?? tags.FirstOrDefault() ?? Answer.All([.. found.Values]);
        return Answer.All([Answer.Of(problems), best]) with
        {
            Notes = [.. found.Values.SelectMany(x => x.Problems)
                .Except(best.Problems)
                .Select(x => $"another build of the same image says otherwise: {x.Found}")],
        };
    }

    async Task<Answer> CheckAsync(RegistryReference reference, OciDescriptor image, bool isMoving,
        CancellationToken cancellation)
    {
        try
        {
            return await LeadsAsync(reference, image, isMoving, cancellation);
        }
        catch (ProblemException e)
        {
            return Answer.Of(e);
        }
    }

    async Task<Answer> LeadsAsync(RegistryReference reference, OciDescriptor image, bool isMoving,
        CancellationToken cancellation)
    {
        var found = await client.HeadManifestAsync(reference.Repository, reference.Tag!, cancellation: cancellation);
        if (found?.Digest == image.Digest) return Answer.Yes;
        if (found is null)
            return Answer.No(
                new Problem($"{reference}: there is no such tag",
                Expected: $"it to lead to {image.Digest}, which says that it was published under it", Remedy: Moved));
        if (!isMoving)
            return Answer.No(
            new Problem($"{reference}: the tag, which never moves, leads to {found.Digest}", Expected: image.Digest,
            Remedy: Moved));
        // Later builds move it: to images that say so themselves.
        var others = await provenancesOf(reference.Repository, found, cancellation);
        if (others.Provenances.Any(x => x.Publication.Tags.Contains(reference.Tag!))) return Answer.Yes;
        if (!others.IsKnown)
            return Answer.Unknown(
                new Problem(
                $"{reference}: the tag leads to {found.Digest}, and nobody can tell whether "
                + "that was published under it",
                Expected: $"{image.Digest}, or a later build"));
        return Answer.No(
            new Problem(
            $"{reference}: the tag leads to {found.Digest}, which was not published under " +
            $"it{(others.Provenances.Count == 0 ? ", as far as it is signed at all" : "")}",
            Expected: $"{image.Digest}, or a later build", Remedy: Moved));
    }
}
