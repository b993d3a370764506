using System.Globalization;
using System.Net;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>How a blob came into a repository.</summary>
public enum BlobTransfer
{
    /// <summary>It was there.</summary>
    Present,

    /// <summary>The registry has it in another repository, and took it from there.</summary>
    Mounted,

    /// <summary>It was sent.</summary>
    Uploaded,
}

/// <summary>
/// Brings one blob into a repository (OCI distribution specification 1.1, "Pushing blobs"): by mounting it, as the body
/// of one request, or, where that broke off and the registry has kept a part, as what is left in chunks from where it
/// says it is.
/// </summary>
/// <param name="transport">The registry.</param>
/// <param name="repository">The repository.</param>
/// <param name="blob">The blob.</param>
/// <param name="open">Opens it; called for each attempt.</param>
sealed class BlobUpload(RegistryTransport transport, string repository, OciDescriptor blob, Func<Stream> open)
{
    /// <summary>
    /// The most that one request carries after one that carried all has failed: what breaks off then is not much.
    /// </summary>
    internal const long ChunkSize = 16 << 20;

    /// <summary>Each attempt begins with requests that have a budget of their own.</summary>
    const int Budgets = 4;

    Uri? _location;
    long _offset;
    bool _inChunks;
    bool _isLimited;
    long _sent;

    /// <summary>Bytes that have gone; for another thread.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <param name="from">A repository of the same registry that may have it.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<BlobTransfer> RunAsync(string? from, CancellationToken cancellation)
    {
        if (from is not null && await BeginAsync(from, cancellation)) return BlobTransfer.Mounted;
        var reached = 0L;
        // Whatever moves on has its full time again.
        for (var done = false; !done;) done = await transport.Retry.RunAsync(async (attempt, token) =>
        {
            if (_location is not null && attempt > 0) await AskAsync(token);
            if (_location is null) await BeginAsync(null, token);
            if (_offset > reached)
            {
                reached = _offset;
                if (attempt > 0) return false;
            }

            return await SendAsync(token);
        }, Budgets, cancellation);
        return BlobTransfer.Uploaded;
    }

    /// <summary>Begins an upload.</summary>
    /// <returns>Whether there is nothing to upload: the registry has mounted the blob.</returns>
    async Task<bool> BeginAsync(string? from, CancellationToken cancellation)
    {
        var query = from is null ? "" : $"?mount={Uri.EscapeDataString(blob.Digest)}&from={Uri.EscapeDataString(from)}";
        var response = await transport.SendAsync(
            new RegistryRequest(HttpMethod.Post, new Uri($"/v2/{repository}/blobs/uploads/{query}", UriKind.Relative),
                repository, $"upload of {blob.Digest}")
            {
                Pushes = true,
                From = from,
                // Whoever may not read there, or has a registry that knows no mounting, can still upload.
                Answers = from is null ? [HttpStatusCode.Accepted]
                    : [HttpStatusCode.Accepted, HttpStatusCode.Created, HttpStatusCode.BadRequest,
                        HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound,
                        HttpStatusCode.MethodNotAllowed],
                Content = _ => new ByteArrayContent([]),
            }, cancellation);
        if (response.Status == HttpStatusCode.Created) return true;
        if (response.Status == HttpStatusCode.Accepted)
            (_location, _offset, _inChunks) = (LocationOf(response), 0, _isLimited);
        return false;
    }

    /// <summary>Asks how much the registry has. One that has forgotten the upload gets another.</summary>
    async Task AskAsync(CancellationToken cancellation)
    {
        var response = await transport.SendAsync(
            new RegistryRequest(HttpMethod.Get, _location!, repository, $"resumption of the upload of {blob.Digest}")
            {
                Pushes = true,
                Answers = [HttpStatusCode.NoContent, HttpStatusCode.OK, HttpStatusCode.Accepted,
                    HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.Gone,
                    HttpStatusCode.MethodNotAllowed, HttpStatusCode.RequestedRangeNotSatisfiable],
            }, cancellation);
        if ((int)response.Status >= 400 || OffsetOf(response) is not { } offset || offset > blob.Size)
        {
            (_location, _offset) = (null, 0);
            return;
        }

        (_location, _offset) = (response.Location ?? _location, offset);
        _inChunks = _isLimited || _offset > 0;
    }

    /// <summary>Sends all of it, or the next chunk.</summary>
    /// <returns>Whether the registry has it.</returns>
    async Task<bool> SendAsync(CancellationToken cancellation)
    {
        if (_inChunks && _offset < blob.Size)
        {
            var (start, end) = (_offset, Math.Min(blob.Size, _offset + ChunkSize));
            var part = await transport.AttemptAsync(Request(HttpMethod.Patch, _location!, moved =>
            {
                var content = ContentOf(start, end, moved);
                content.Headers.ContentType = new("application/octet-stream");
                content.Headers.TryAddWithoutValidation("Content-Range", $"{start}-{end - 1}");
                return content;
            }) with
            {
                Answers = [HttpStatusCode.Accepted, HttpStatusCode.NoContent,
                    HttpStatusCode.RequestedRangeNotSatisfiable, HttpStatusCode.NotFound, HttpStatusCode.BadRequest],
            }, cancellation);
            if ((int)part.Status >= 400) throw Forgotten(part);
            (_location, _offset) = (LocationOf(part),
                OffsetOf(part) is { } offset && offset > start && offset <= end ? offset : end);
            return false;
        }

        var whole = !_inChunks;
        var answer = await transport.AttemptAsync(Request(HttpMethod.Put, WithDigest(_location!), moved =>
        {
            if (!whole) return new ByteArrayContent([]);
            var content = ContentOf(0, blob.Size, moved);
            content.Headers.ContentType = new("application/octet-stream");
            return content;
        }) with
        {
            Answers =
            [
                HttpStatusCode.Created,
                HttpStatusCode.NoContent,
                HttpStatusCode.OK,
                HttpStatusCode.NotFound,
                HttpStatusCode.RequestedRangeNotSatisfiable,
                .. whole && blob.Size > ChunkSize ? (HttpStatusCode[])[HttpStatusCode.RequestEntityTooLarge] : [],
            ]
        }, cancellation);
        if (answer.Status == HttpStatusCode.RequestEntityTooLarge) _isLimited = true;
        if ((int)answer.Status >= 400) throw Forgotten(answer);
        if (answer.Digest is { } digest && digest != blob.Digest)
            throw new ProblemException(new Problem($"The registry says that what it got is {digest}",
                Expected: blob.Digest));
        return true;
    }

    BlobContent ContentOf(long start, long end, Action moved) => new(blob, open, start, end, x =>
    {
        Volatile.Write(ref _sent, x);
        moved();
    });

    RegistryRequest Request(HttpMethod method, Uri uri, Func<Action, HttpContent> content) =>
        new(method, uri, repository, $"upload of {blob.Digest}") { Pushes = true, Content = content };

    /// <summary>The upload has gone; the next attempt asks, and begins another.</summary>
    static TransientFailure Forgotten(RegistryResponse response) => new("The registry lost an upload "
        + $"({(int)response.Status}{string.Concat(RegistryError.Parse(response.Body).Select(x => $", {x}"))})");

    static Uri LocationOf(RegistryResponse response) => response.Location
        ?? throw new ProblemException("The registry begins an upload and does not say where (it sends no Location)");

    /// <summary>
    /// Bytes that the registry has, after <c>Range: 0-LAST</c>. With none or one of them it says the same: none then.
    /// </summary>
    static long? OffsetOf(RegistryResponse response) =>
        response["Range"]?.Replace("bytes=", "", StringComparison.Ordinal).Split('-') is [_, var last]
            && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value < long.MaxValue
            ? value == 0 ? 0 : value + 1 : null;

    Uri WithDigest(Uri location) => new(location.AbsoluteUri + (location.Query.Length == 0 ? "?" : "&") + "digest="
        + Uri.EscapeDataString(blob.Digest));
}
