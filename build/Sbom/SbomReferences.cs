using CycloneDX;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>Opens what a person names when SBOMs are meant: a document, a directory of them, or an image.</summary>
/// <param name="from">Directory that paths are relative to.</param>
/// <param name="registry">Opens the SBOMs of an image in a registry; null where there is no registry to ask.</param>
sealed class SbomReferences(AbsolutePath from, Func<string, Task<IReadOnlyList<BomList>>>? registry = null)
{
    /// <exception cref="ProblemException">It is none of these, or cannot be read.</exception>
    public async Task<IReadOnlyList<BomList>> OpenAsync(string reference)
    {
        AbsolutePath path = Path.GetFullPath(reference, from);
        if (File.Exists(path)) return [BomList.Read(path, reference)];
        if (File.Exists(path / "index.json")) return OfImage(OciLayout.Open(path, isForeign: true));
        if (Directory.Exists(path) && path.GlobFiles("*.cdx.json") is { Count: > 0 } files)
            return [.. files.OrderBy(x => (string)x, StringComparer.Ordinal)
                .Select(x => BomList.Read(x, $"{reference}/{x.Name}"))];
        if (!Path.Exists(path) && registry is not null && !Images.ImageReference.IsPath(reference))
            return await registry(reference);
        throw new ProblemException(new Problem(
            $"'{reference}' is {(Path.Exists(path) ? "a directory without any of these" : "not there")}",
            Expected: "a .cdx.json file, a directory of these, or an image as OCI layout"));
    }

    /// <summary>
    /// What the build wrote beside the image knows more than the image says; it counts where it is of this very image.
    /// </summary>
    static List<BomList> OfImage(OciLayout layout)
    {
        // Somebody else may have made it: a damaged layer is told, and not taken for one that has other packages.
        layout.Verify();
        AbsolutePath written = layout.Directory.Parent! / "sbom";
        return [.. layout.Manifests()
            .Select(x => Written(written / SbomFiles.NameOf(x.Platform ?? "")) is { } list && list.Digest == x.Digest
                ? list
                : BomList.Parse(SbomFiles.Text(ImageBom.Of(Inventory.Read(layout, layout.ReadManifest(x.Digest)),
                    new BomSubject(layout.Directory.Parent!.Name, "localhost"), SpecificationVersion.v1_6)),
                    layout.Directory))];
    }

    static BomList? Written(AbsolutePath file) => File.Exists(file) ? BomList.Read(file, file) : null;
}
