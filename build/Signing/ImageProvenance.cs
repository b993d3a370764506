using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// Where an image comes from: what is said of each of its platforms' manifests and, where there are several, of their
/// index.
/// </summary>
public static class ImageProvenance
{
    /// <param name="layout">The image.</param>
    /// <param name="of">What is to be said of one platform, by its manifest.</param>
    /// <param name="ofAll">What is to be said of the image as a whole.</param>
    /// <returns>By the digest of what it is said of.</returns>
    public static IReadOnlyDictionary<string, Provenance> Of(
        OciLayout layout, Func<OciDescriptor, Provenance> of, Func<IReadOnlyList<OciDescriptor>, Provenance> ofAll)
    {
        var manifests = layout.Manifests();
        var provenances = manifests.ToDictionary(x => x.Digest, of);
        // One manifest alone is the image; the parts of an index are not.
        if (provenances.ContainsKey(layout.Digest)) return provenances;
        foreach (var part in manifests) provenances[part.Digest] = provenances[part.Digest].AsPart();
        provenances.Add(layout.Digest, ofAll(manifests));
        return provenances;
    }
}
