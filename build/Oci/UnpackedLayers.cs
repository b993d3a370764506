using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Nuke.Common.IO;

namespace OpenStack.Oci;

/// <summary>Layers that any part can be read of; those that are packed are unpacked beside themselves.</summary>
sealed class UnpackedLayers : IDisposable
{
    const string Unpacked = ".unpacked";

    readonly SafeFileHandle[] _files;

    /// <param name="blobs">Files of the layers.</param>
    public UnpackedLayers(IEnumerable<AbsolutePath> blobs) => _files = [.. blobs.Select(Open)];

    /// <exception cref="EndOfStreamException">The layer is shorter.</exception>
    public void CopyTo(Stream output, int layer, long offset, long size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, 1 << 17));
        try
        {
            while (size > 0)
            {
                var most = (int)Math.Min(size, buffer.Length);
                var read = RandomAccess.Read(_files[layer], buffer.AsSpan(0, most), offset);
                if (read == 0) throw new EndOfStreamException();
                output.Write(buffer, 0, read);
                (offset, size) = (offset + read, size - read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    static SafeFileHandle Open(AbsolutePath blob)
    {
        using (var file = File.OpenRead(blob))
        {
            if (!LayerContent.IsPacked(file)) return File.OpenHandle(blob);
            using var content = LayerContent.Open(file);
            using var copy = File.Create(blob + Unpacked);
            content.CopyTo(copy);
        }

        return File.OpenHandle(blob + Unpacked);
    }
}
