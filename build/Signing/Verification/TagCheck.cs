using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>Whether tags lead where their images' signed provenance says that they do.</summary>
/// <param name="client">The registry.</param>
/// <param name="provenancesOf">The provenance of another image in a repository, as far as it is signed by whom it has to be.</param>
sealed class TagCheck(RegistryClient client, Func<string, OciDescriptor, CancellationToken, Task<IReadOnlyList<Provenance>>> provenancesOf)
{
    const string Moved = "Do not trust the tag: somebody moved it, or removed it. Use the digest, or run Push again";

    /// <param name="reference">As the image was asked for.</param>
    /// <param name="image">Its manifest or index.</param>
    /// <param name="provenances">What its provenance says; more than one where it was built again and came out the same.</param>
    public async Task<IReadOnlyList<Problem>> RunAsync(RegistryReference reference, OciDescriptor image, IReadOnlyList<Provenance> provenances, CancellationToken cancellation = default)
    {
        var problems = new List<Problem>();
        var repositoryName = reference.Repository[(reference.Repository.LastIndexOf('/') + 1)..];
        if (provenances.All(x => x.Image != repositoryName)) problems.Add(new Problem(
            $"{reference}: the image that is there is a {provenances[0].Image}, published as {provenances[0].Publication.Repository}", Expected: $"a {repositoryName}", Remedy: "Do not use it: somebody put it there"));
        var listed = new SortedSet<string>(provenances.SelectMany(x => x.Publication.Tags), StringComparer.Ordinal);
        if (reference.Tag is { } asked && !listed.Contains(asked)) problems.Add(new Problem(
            $"{reference}: the tag leads to {image.Digest}, which was not published under it", Expected: listed.Count == 0 ? "no tag to lead to it, as to a part of an image" : $"one of {string.Join(", ", listed)}", Remedy: Moved));
        foreach (var tag in listed)
        {
            var isMoving = provenances.Where(x => x.Publication.Tags.Contains(tag)).All(x => x.Publication.Moving.Contains(tag));
            if (await CheckAsync(reference with { Tag = tag, Digest = null }, image, isMoving, cancellation) is { } problem) problems.Add(problem);
        }

        return problems;
    }

    async Task<Problem?> CheckAsync(RegistryReference reference, OciDescriptor image, bool isMoving, CancellationToken cancellation)
    {
        var found = await client.HeadManifestAsync(reference.Repository, reference.Tag!, cancellation: cancellation);
        if (found?.Digest == image.Digest) return null;
        if (found is null) return new Problem($"{reference}: there is no such tag", Expected: $"it to lead to {image.Digest}, which says that it was published under it", Remedy: Moved);
        if (!isMoving) return new Problem($"{reference}: the tag, which never moves, leads to {found.Digest}", Expected: image.Digest, Remedy: Moved);
        // Later builds move it: to images that say so themselves.
        var others = await provenancesOf(reference.Repository, found, cancellation);
        return others.Any(x => x.Publication.Tags.Contains(reference.Tag!)) ? null
            : new Problem($"{reference}: the tag leads to {found.Digest}, which was not published under it{(others.Count == 0 ? ", as far as it is signed at all" : "")}", Expected: $"{image.Digest}, or a later build", Remedy: Moved);
    }
}
