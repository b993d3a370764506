using OpenStack.Diagnostics;
using OpenStack.Holdings;
using OpenStack.Sbom;

namespace OpenStack.Notes;

/// <summary>One platform of an image.</summary>
/// <param name="Size">Bytes of its layers as they are stored; null where only its SBOM is known.</param>
sealed record NotedPlatform(HeldImage Held, long? Size)
{
    /// <summary>As far as it is compared by packages.</summary>
    public BomList List => new("", Held.Digest, Held.Platform, [.. Held.Components.Select(x =>
        new ListedComponent(x.Key, x.Name, x.Version, "", x.Patches.DistinctBy(y => y.Name)
            .ToDictionary(y => y.Name, y => y.Digest ?? "", StringComparer.Ordinal)))]);
}

/// <summary>An image that release notes begin or end with.</summary>
/// <param name="Name">As it was given.</param>
sealed record NotedImage(string Name, IReadOnlyList<NotedPlatform> Platforms)
{
    /// <exception cref="ProblemException">An SBOM cannot be read.</exception>
    public static NotedImage Read(string name, IReadOnlyList<SbomDocument> sboms) => new(name,
        [.. Problems.Collect(sboms, x => new NotedPlatform(HeldImage.Read(name, "", x.Text, x.ShownAs), x.Size))]);
}
