using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenStack.Constraints;
using OpenStack.Oci;

namespace OpenStack.Layers;

/// <summary>What a package has in an image.</summary>
/// <param name="Digest">Of all its files, with what they are and may.</param>
/// <param name="Size">Of all its files, in bytes.</param>
sealed record PackageFiles(string Digest, long Size);

/// <summary>The packages that an image adds to its base.</summary>
/// <param name="Name">Of the image.</param>
/// <param name="Packages">But the service itself, which is in no layer that others have.</param>
sealed record ImagePackages(string Name, IReadOnlyDictionary<FileOwner, PackageFiles> Packages)
{
    /// <summary>Reads an image; what lies in which of its layers does not matter.</summary>
    /// <param name="distribution">The service's own; null of an image that is no virtual environment.</param>
    /// <param name="baseLayers">How many of its layers are the base's.</param>
    /// <param name="below">Everything in the base.</param>
    public static ImagePackages Of(string name, string? distribution, OciLayout image, int baseLayers, ImageTree below)
    {
        var manifest = image.ReadManifest();
        var changes = ImageTree.Read(image, manifest with { Layers = [.. manifest.Layers.Skip(baseLayers)] },
            FileOwners.Reading with { Digests = true });
        var owned = FileOwners.Of(changes, below);
        var own = distribution is null ? null : PythonName.Of(distribution).Value;
        return new ImagePackages(name, changes.Nodes()
            .Where(x => owned.ContainsKey(x.Node))
            .GroupBy(x => owned[x.Node].Owner)
            .Where(x => x.Key != new FileOwner(OwnerKind.Python, own ?? ""))
            .ToDictionary(x => x.Key, x => FilesOf(x.Select(y => (y.Path, y.Node, owned[y.Node].Time)))));
    }

    static PackageFiles FilesOf(IEnumerable<(string Path, ImageNode Node, long Time)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        foreach (var (path, node, time) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{path}\0{time}\0{(node as ImageLink)?.Target}\0")));
            node.Entry!.Attributes!.AddTo(hash);
            if (node is not ImageFile file) continue;
            hash.AppendData(file.Digest!);
            size += file.Size;
        }

        return new PackageFiles(Convert.ToHexStringLower(hash.GetCurrentHash()), size);
    }
}
