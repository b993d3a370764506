using CycloneDX;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Sbom;

/// <summary>The SBOM of one platform of an image, as it was found.</summary>
/// <param name="ShownAs">What messages call it.</param>
/// <param name="Size">Bytes of the layers of the image, as they are stored; null where only the document is
/// there.</param>
sealed record SbomDocument(string Text, string ShownAs, long? Size = null);

/// <summary>Opens what a person names when SBOMs are meant: a document, a directory of them, or an image.</summary>
/// <param name="from">Directory that paths are relative to.</param>
/// <param name="registry">Opens the SBOMs of an image in a registry; null where there is no registry to ask.</param>
sealed class SbomReferences(AbsolutePath from, Func<string, Task<IReadOnlyList<SbomDocument>>>? registry = null)
{
    /// <exception cref="ProblemException">It is none of these, or cannot be read.</exception>
    public async Task<IReadOnlyList<BomList>> OpenAsync(string reference) =>
        [.. (await DocumentsAsync(reference)).Select(x => BomList.Parse(x.Text, x.ShownAs))];

    /// <exception cref="ProblemException">It is none of these, or cannot be read.</exception>
    public async Task<IReadOnlyList<SbomDocument>> DocumentsAsync(string reference)
    {
        AbsolutePath path = Path.GetFullPath(reference, from);
        if (File.Exists(path)) return [Read(path, reference)];
        if (File.Exists(path / "index.json")) return OfImage(OciLayout.Open(path, isForeign: true));
        if (Directory.Exists(path) && path.GlobFiles("*.cdx.json") is { Count: > 0 } files)
            return [.. files.OrderBy(x => (string)x, StringComparer.Ordinal)
                .Select(x => Read(x, $"{reference}/{x.Name}"))];
        if (!Path.Exists(path) && registry is not null && !Images.ImageReference.IsPath(reference))
            return await registry(reference);
        throw new ProblemException(new Problem(
            $"'{reference}' is {(Path.Exists(path) ? "a directory without any of these" : "not there")}",
            Expected: "a .cdx.json file, a directory of these, or an image as OCI layout"));
    }

    /// <summary>
    /// What the build wrote beside the image knows more than the image says; it counts where it is of this very image.
    /// </summary>
    static List<SbomDocument> OfImage(OciLayout layout)
    {
        // Somebody else may have made it: a damaged layer is told, and not taken for one that has other packages.
        layout.Verify();
        AbsolutePath written = layout.Directory.Parent! / "sbom";
        return [.. layout.Manifests().Select(x =>
        {
            var manifest = layout.ReadManifest(x.Digest);
            var text = Written(written / SbomFiles.NameOf(x.Platform ?? ""), x.Digest)
                ?? SbomFiles.Text(ImageBom.Of(Inventory.Read(layout, manifest),
                    new BomSubject(layout.Directory.Parent!.Name, "localhost"), SpecificationVersion.v1_6));
            return new SbomDocument(text, layout.Directory, manifest.Size);
        })];
    }

    static string? Written(AbsolutePath file, string digest) => File.Exists(file)
        && Read(file, file) is var document && BomList.Parse(document.Text, document.ShownAs).Digest == digest
        ? document.Text : null;

    static SbomDocument Read(AbsolutePath file, string shownAs) => new(Utf8File.Read(file, shownAs), shownAs);
}
