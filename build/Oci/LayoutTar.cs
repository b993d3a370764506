using System.Formats.Tar;

namespace OpenStack.Oci;

/// <summary>
/// An OCI image layout as a tar stream (image specification 1.1, image-layout.md): the same content gives the same
/// bytes, as no header of the format says who wrote it, or when.
/// </summary>
/// <param name="output">Gets the stream, and stays open.</param>
/// <param name="time">Of all entries.</param>
sealed class LayoutTar(Stream output, DateTimeOffset time) : IAsyncDisposable
{
    public const string Index = "index.json";

    const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    readonly TarWriter _tar = new(output, TarEntryFormat.Ustar, leaveOpen: true);

    /// <summary>Where a blob is in it.</summary>
    public static string PathOf(string digest) => $"blobs/{digest.Replace(':', '/')}";

    /// <summary>What makes it a layout, and its index: the first entries.</summary>
    public async Task AddIndexAsync(byte[] index, CancellationToken cancellation)
    {
        await AddAsync("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), cancellation);
        await AddAsync(Index, index, cancellation);
    }

    public Task AddAsync(string name, byte[] content, CancellationToken cancellation) =>
        AddAsync(name, new MemoryStream(content), cancellation);

    /// <param name="content">Is disposed of.</param>
    public async Task AddAsync(string name, Stream content, CancellationToken cancellation)
    {
        await using (content)
            await _tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = content,
                ModificationTime = time,
                Mode = Readable,
            }, cancellation);
    }

    public ValueTask DisposeAsync() => _tar.DisposeAsync();
}
