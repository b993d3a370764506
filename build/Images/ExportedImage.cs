using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>An image on its way from BuildKit to its layout.</summary>
sealed class ExportedImage
{
    readonly AbsolutePath _destination;

    /// <param name="destination">Where the layout is to be; does not exist.</param>
    /// <param name="baseImage">
    /// What it is made of, as far as that is here: layers that lie there already BuildKit does not send.
    /// </param>
    public ExportedImage(AbsolutePath destination, OciLayout? baseImage = null)
    {
        _destination = destination;
        Delete();
        if (baseImage is null) return;
        System.IO.Directory.CreateDirectory(Directory / "blobs" / "sha256");
        foreach (var layer in baseImage.ReadManifest().Layers.DistinctBy(x => x.Digest))
            LinkedFile.Create(baseImage.Blob(layer.Digest), ReproducibleImage.BlobIn(Directory, layer.Digest));
    }

    /// <summary>Where BuildKit leaves it.</summary>
    public AbsolutePath Directory => $"{_destination}.exported";

    /// <summary>Makes the layout.</summary>
    public async Task AcceptAsync(ReproducibleImage image)
    {
        await image.WriteAsync(OciLayout.Open(Directory), _destination);
        Delete();
    }

    void Delete()
    {
        Removal.Remove(Directory);
    }
}
