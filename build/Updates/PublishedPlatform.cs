using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;

namespace OpenStack.Updates;

/// <summary>What a published image says of itself on one platform, in its labels.</summary>
/// <param name="Platform"><c>linux/amd64</c>.</param>
/// <param name="Digest">Of its manifest.</param>
/// <param name="BaseName">The image that it is built on; null where it does not say.</param>
/// <param name="BaseDigest">The digest of that.</param>
/// <param name="Version">Of the packaged software.</param>
/// <param name="Revision">Its commit.</param>
public sealed record PublishedPlatform(string Platform, string Digest, string? BaseName, string? BaseDigest,
    string? Version, string? Revision)
{
    /// <param name="image">As the registry has it.</param>
    /// <exception cref="ProblemException">The registry does not have all of it.</exception>
    public static async Task<IReadOnlyList<PublishedPlatform>> ReadAsync(RegistryClient client, RemoteImage image,
        CancellationToken cancellation = default)
    {
        var platforms = new List<PublishedPlatform>();
        foreach (var manifest in image.Platforms)
        {
            var config = await image.ReadConfigAsync(client, manifest, cancellation);
            string? Label(string key) => config.Labels.GetValueOrDefault(ImageLabels.Prefix + key);
            platforms.Add(new PublishedPlatform(manifest.Platform ?? config.Platform, manifest.Digest,
                Label("base.name"), Label("base.digest"), Label("version"), Label("revision")));
        }

        return platforms;
    }
}
