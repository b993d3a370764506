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
    public static TextTable Of(IReadOnlyList<(ServiceImage Image, TimeSpan? Built)> images)
    {
        var manifests = images.SelectMany(x =>
        {
            var layout = OciLayout.Open(x.Image.LayoutDirectory);
            return layout.Manifests()
                .Select(y => (x.Image, x.Built, y.Platform, Manifest: layout.ReadManifest(y.Digest)));
        }).ToList();
        var having = manifests.SelectMany(x => x.Manifest.Layers.Select(y => y.Digest).Distinct())
            .CountBy(x => x).ToDictionary(x => x.Key, x => x.Value);
        return new TextTable(
            ["image", "version", "platform", "digest", "MB", "of which others have", "patches", "built in"],
            [
                .. manifests.Select(x => (string[])
                [
                    $"{x.Image.Service} {x.Image.Release}", x.Image.Version, x.Platform ?? "", x.Manifest.Digest,
                    Megabytes(x.Manifest.Size),
                    Megabytes(x.Manifest.Layers.Where(y => having[y.Digest] > 1).Sum(y => y.Size)),
                    $"{SealedTree.Read(x.Image.SourceDirectory.Parent! / "sealed.json").Patches.Count}",
                    x.Built is { } time ? Results.Shown(time) : "up to date",
                ]),
            ]);
    }

    static string Megabytes(long size) => $"{size / 1_000_000}";
}
