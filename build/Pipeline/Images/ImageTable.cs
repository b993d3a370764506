using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sources;

namespace OpenStack.Pipeline.Images;

/// <summary>What was built, for people: one row per image and platform.</summary>
static class ImageTable
{
    /// <param name="images">
    /// With the time that the graph took which built them; null for those that were up to date.
    /// </param>
    public static TextTable Of(IEnumerable<(ServiceImage Image, TimeSpan? Built)> images) => new(
        ["image", "version", "platform", "digest", "MB", "patches", "built in"],
        [
            .. images.SelectMany(x =>
            {
                var layout = OciLayout.Open(x.Image.LayoutDirectory);
                var patches = SealedTree.Read(x.Image.SourceDirectory.Parent! / "sealed.json").Patches.Count;
                return layout.Manifests().Select(manifest => (string[])
                [
                    $"{x.Image.Service} {x.Image.Release}", x.Image.Version, manifest.Platform ?? "", manifest.Digest,
                    $"{layout.ReadManifest(manifest.Digest).Size / 1_000_000}", $"{patches}",
                    x.Built is { } time ? Results.Shown(time) : "up to date",
                ]);
            }),
        ]);
}
