using Nuke.Common.IO;
using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>An image on its way from BuildKit to its layout.</summary>
sealed class ExportedImage
{
    readonly AbsolutePath _destination;

    /// <param name="destination">Where the layout is to be; does not exist.</param>
    public ExportedImage(AbsolutePath destination)
    {
        _destination = destination;
        Delete();
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
        Storage.Removal.Remove(Directory);
    }
}
