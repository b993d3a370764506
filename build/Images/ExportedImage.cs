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

    /// <summary>Makes the layout; see <see cref="ReproducibleImage"/>.</summary>
    public async Task AcceptAsync(IReadOnlyList<string> baseDiffIds, DateTimeOffset epoch, bool compress,
        OciLayout? baseImage, AbsolutePath? earlier)
    {
        await ReproducibleImage.WriteAsync(OciLayout.Open(Directory), baseDiffIds, epoch, compress, _destination,
            baseImage, earlier);
        Delete();
    }

    void Delete()
    {
        Storage.Removal.Remove(Directory);
    }
}
