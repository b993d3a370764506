using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>The SBOMs that are attached to an image in a registry, one per platform, as they are: whether they are true, verification says.</summary>
static class AttachedSboms
{
    /// <summary>JSON of CycloneDX documents, by platform.</summary>
    /// <param name="client">The registry.</param>
    /// <param name="reference">The image.</param>
    /// <exception cref="ProblemException">There is no such image, or none is attached to one of its platforms.</exception>
    public static async Task<IReadOnlyList<(string Platform, string Json)>> OfAsync(RegistryClient client, RegistryReference reference, CancellationToken cancellation = default)
    {
        var image = await RemoteImage.FindAsync(client, reference, cancellation)
            ?? throw new ProblemException($"There is no image {reference}", "See whether it was published, and under which tags: ./build.sh Tags");
        var sboms = new List<(string, string)>();
        foreach (var platform in image.Manifests)
        {
            var attached = await ListedBundles.OfAsync(client, reference.Repository, platform.Digest, cancellation);
            var sbom = attached.Bundles.LastOrDefault(x => x.Statement.PredicateType == PredicateTypes.Sbom && x.Statement.Subjects.Contains(platform.Digest))
                ?? throw new ProblemException([.. attached.Problems.Prepend(new Problem($"{reference.Name}@{platform.Digest} has no SBOM attached", Remedy: "Publish it again: ./build.sh Push"))]);
            sboms.Add((platform.Platform ?? "", sbom.Statement.Predicate.GetRawText()));
        }

        return sboms;
    }
}
