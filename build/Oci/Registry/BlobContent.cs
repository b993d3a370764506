using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// A blob, or the rest of one, as the body of a request. It is hashed while it is sent; the last of it is held back
/// until the digest is right, so that no registry ever gets the whole of something else.
/// </summary>
/// <param name="blob">What it must be.</param>
/// <param name="open">Opens it.</param>
/// <param name="start">First byte to send.</param>
/// <param name="end">Byte after the last one to send.</param>
/// <param name="moved">Called as it moves on, with how much of the blob has gone.</param>
sealed class BlobContent(OciDescriptor blob, Func<Stream> open, long start, long end, Action<long> moved) : HttpContent
{
    const int BufferSize = 1 << 20;

    protected override bool TryComputeLength(out long length)
    {
        length = end - start;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context,
        CancellationToken cancellationToken)
    {
        await using var input = open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var at = 0L; at < end;)
            {
                var count = await input.ReadAtLeastAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, end - at)),
                    (int)Math.Min(BufferSize, end - at), throwOnEndOfStream: false, cancellationToken);
                if (count == 0) throw Wrong($"ends after {at} bytes");
                hash.AppendData(buffer, 0, count);
                // A part in the middle is checked with the last one: that reads all of it.
                if (at + count == blob.Size
                    && "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()) is var digest
                    && digest != blob.Digest)
                    throw Wrong($"is {digest}");
                var skip = (int)Math.Clamp(start - at, 0, count);
                if (skip < count) await stream.WriteAsync(buffer.AsMemory(skip, count - skip), cancellationToken);
                at += count;
                moved(Math.Max(start, at));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    ProblemException Wrong(string found) => new(new Problem($"A blob that is to be uploaded {found}",
        Expected: $"{blob.Digest}, {blob.Size} bytes", Remedy: "Build the image again with --no-cache"));
}
