using System.Net;
using System.Security.Cryptography;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>Reads one blob into a file and hashes it on the way; what breaks off goes on where it was.</summary>
sealed class BlobDownload(RegistryTransport transport, RegistryRequest request, OciDescriptor blob, AbsolutePath file)
    : IAsyncDisposable
{
    readonly FileStream _file = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0,
        FileOptions.Asynchronous);
    long _received;
    IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes that have arrived; for another thread.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <exception cref="ProblemException">It is not there, or something else.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var done = false; !done;) done = await transport.Retry.RunAsync(async (attempt, token) =>
        {
            var before = _file.Position;
            try
            {
                _ = await transport.AttemptAsync(request with
                {
                    RangeFrom = before,
                    Answers = [HttpStatusCode.OK, HttpStatusCode.PartialContent],
                    Read = ReadAsync,
                }, token);
                return true;
            }
            catch (TransientFailure) when (_file.Position > before && attempt > 0)
            {
                // It moves on: it has its full time again.
                return false;
            }
        }, cancellation: cancellation);
        var digest = "sha256:" + Convert.ToHexStringLower(_hash.GetCurrentHash());
        if (_file.Position != blob.Size || digest != blob.Digest)
            throw new ProblemException(new Problem($"{request.Repository} gives {digest} with {_file.Position} bytes",
                Expected: $"{blob.Digest} with {blob.Size} bytes", Remedy: "Have the registry's storage checked"));
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _file.DisposeAsync();
    }

    async Task ReadAsync(HttpResponseMessage response, Action moved, CancellationToken cancellation)
    {
        // One that does not go on begins again.
        if (response.StatusCode == HttpStatusCode.OK || response.Content.Headers.ContentRange?.From != _file.Position)
        {
            if (response.StatusCode == HttpStatusCode.PartialContent)
                throw new ProblemException($"{request.Repository} answers with another part of "
                    + $"{blob.Digest} than was asked for");
            _file.SetLength(0);
            _hash.Dispose();
            _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[1 << 20];
        while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            moved();
            if (_file.Position + count > blob.Size)
                throw new ProblemException(new Problem($"{request.Repository} gives more than that of {blob.Digest}",
                    Expected: $"{blob.Size} bytes"));
            _hash.AppendData(buffer, 0, count);
            await _file.WriteAsync(buffer.AsMemory(0, count), cancellation);
            Volatile.Write(ref _received, _file.Position);
        }
    }
}
