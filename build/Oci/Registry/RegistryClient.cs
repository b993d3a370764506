using System.Net;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>
/// One registry, after the OCI distribution specification 1.1. Every request is repeated while the failure is a passing
/// one, everything that is read is checked against its digest, and everything that goes wrong is a
/// <see cref="ProblemException"/>. Repositories are named without the registry: <c>c5c3/keystone</c>.
/// </summary>
public sealed class RegistryClient : IDisposable
{
    static readonly string[] s_manifestTypes = [OciMediaTypes.Manifest, OciMediaTypes.Index,
        OciMediaTypes.DockerManifest, OciMediaTypes.DockerManifestList];

    /// <summary>Tags on a page, and less where a registry allows no more (distribution:
    /// <c>PAGINATION_NUMBER_INVALID</c>); last as many as it likes.</summary>
    static readonly string[] s_pages = ["?n=1000", "?n=100", ""];

    readonly RegistryTransport _transport;
    readonly Watch? _watch;

    /// <param name="registry">Host, with a port where it has one. Loopback hosts are spoken to by plain HTTP.</param>
    /// <param name="credentials">Where credentials are from; the user's own where it is not given.</param>
    /// <param name="retry">How failures are repeated.</param>
    /// <param name="toPush">
    /// Asks for the right to push from the first request on: a repository that does not exist yet is one that nobody
    /// may read, to some registries.
    /// </param>
    /// <param name="watch">Is told of blobs on their way; nobody, where it is not given.</param>
    public RegistryClient(string registry, DockerCredentials? credentials = null, RegistryRetry? retry = null,
        bool toPush = false, Watch? watch = null) =>
        (Registry, _watch, _transport) = (registry, watch, new RegistryTransport(registry,
            credentials ?? DockerCredentials.OfUser, retry ?? new RegistryRetry(), toPush));

    /// <summary>The registry's name.</summary>
    public string Registry { get; }

    /// <summary>How many requests were repeated so far.</summary>
    public int Retries => Retry.Count;

    internal RegistryRetry Retry => _transport.Retry;

    public void Dispose() => _transport.Dispose();

    /// <summary>The descriptor of a manifest or index; null when there is none.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="reference">Tag or digest.</param>
    /// <param name="justPushed">It must be there: not found means not found yet.</param>
    public async Task<OciDescriptor?> HeadManifestAsync(string repository, string reference, bool justPushed = false,
        CancellationToken cancellation = default)
    {
        var response = await _transport.SendAsync(
            Manifest(HttpMethod.Head, repository, reference, "lookup") with { JustPushed = justPushed }, cancellation);
        if (response.Status == HttpStatusCode.NotFound) return null;
        // The header is optional, and nothing else in such an answer says what the content is.
        if (response.Digest is not { } digest || response.Length is not { } length)
            return (await GetManifestAsync(repository, reference, justPushed, cancellation))?.Descriptor;
        if (OciDigest.Is(reference) && digest != reference) throw Wrong(repository, reference, digest);
        return new OciDescriptor(TypeOf(response), digest, length);
    }

    /// <summary>A manifest or index, checked against its digest; null when there is none.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="reference">Tag or digest.</param>
    /// <param name="justPushed">It must be there: not found means not found yet.</param>
    public async Task<StoredManifest?> GetManifestAsync(string repository, string reference, bool justPushed = false,
        CancellationToken cancellation = default)
    {
        var response = await _transport.SendAsync(
            Manifest(HttpMethod.Get, repository, reference, "download") with { JustPushed = justPushed }, cancellation);
        if (response.Status == HttpStatusCode.NotFound) return null;
        var digest = Digest.OfBytes(response.Body);
        var expected = OciDigest.Is(reference) ? reference : response.Digest ?? digest;
        return digest == expected
            ? new StoredManifest(new OciDescriptor(TypeOf(response), digest, response.Body.Length), response.Body)
            : throw Wrong(repository, expected, digest);
    }

    /// <summary>Stores a manifest or index.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="reference">Its digest, or a tag, which is moved.</param>
    /// <param name="type">Media type.</param>
    /// <param name="content">The bytes.</param>
    /// <returns>
    /// Whether the registry lists it among the referrers of its subject by itself (<c>OCI-Subject</c>).
    /// </returns>
    public async Task<bool> PutManifestAsync(string repository, string reference, string type, byte[] content,
        CancellationToken cancellation = default)
    {
        var response = await _transport.SendAsync(Manifest(HttpMethod.Put, repository, reference, "upload") with
        {
            Pushes = true,
            Accept = [],
            Answers = [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.NoContent],
            // What it refers to was.
            JustPushed = true,
            Content = _ => new ByteArrayContent(content) { Headers = { ContentType = new(type) } },
        }, cancellation);
        var digest = Digest.OfBytes(content);
        if (response.Digest is { } stored && stored != digest) throw Wrong(repository, digest, stored);
        return response["OCI-Subject"] is not null;
    }

    /// <summary>
    /// Finds out whether this user may push, as go-containerregistry does: an upload is begun, and given up. Nothing of
    /// it stays.
    /// </summary>
    /// <exception cref="ProblemException">They may not, or the registry does not answer.</exception>
    public async Task RequirePushAsync(string repository, CancellationToken cancellation = default)
    {
        var response = await _transport.SendAsync(new RegistryRequest(HttpMethod.Post,
            new Uri($"/v2/{repository}/blobs/uploads/", UriKind.Relative), repository, "begin of an upload")
        {
            Pushes = true,
            Answers = [HttpStatusCode.Accepted],
            Content = _ => new ByteArrayContent([]),
        }, cancellation);
        if (response.Location is not { } location) return;
        await _transport.SendAsync(new RegistryRequest(HttpMethod.Delete, location, repository, "end of an upload")
        {
            Pushes = true,
            // Some give uploads up by themselves alone.
            Answers = [HttpStatusCode.NoContent, HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.NotFound,
                HttpStatusCode.MethodNotAllowed],
        }, cancellation);
    }

    /// <summary>Removes a manifest or index, or only a tag where the reference is one.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="ProblemException">
    /// Among others: the registry removes nothing (405, as the distribution specification has it for deletion that is
    /// switched off).
    /// </exception>
    public async Task<bool> DeleteManifestAsync(string repository, string reference,
        CancellationToken cancellation = default)
    {
        var response = await _transport.SendAsync(Manifest(HttpMethod.Delete, repository, reference, "removal") with
        {
            Pushes = true,
            Accept = [],
            Answers = [HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound,
                HttpStatusCode.MethodNotAllowed],
        }, cancellation);
        if (response.Status == HttpStatusCode.MethodNotAllowed)
            throw new ProblemException($"{Registry} lets nobody remove manifests (405, {repository})",
                "Switch deletion on in its configuration (docker-registry: storage.delete.enabled: true), or remove "
                + "them by the registry's own means");
        return response.Status != HttpStatusCode.NotFound;
    }

    /// <summary>
    /// The tags of a repository, in the order of the registry; none where there is no such repository.
    /// </summary>
    public async Task<IReadOnlyList<string>> TagsAsync(string repository, CancellationToken cancellation = default)
    {
        foreach (var size in s_pages)
        {
            if (await TagsAsync(repository, size, cancellation) is { } tags) return tags;
        }

        return [];
    }

    /// <returns>Null where the registry takes no such question.</returns>
    async Task<IReadOnlyList<string>?> TagsAsync(string repository, string size, CancellationToken cancellation)
    {
        var tags = new List<string>();
        await foreach (
            var page in PagesAsync(
            new RegistryRequest(HttpMethod.Get, new Uri($"/v2/{repository}/tags/list{size}", UriKind.Relative),
            repository, "list of tags")
            {
                Answers =
                [
                    HttpStatusCode.OK,
                    HttpStatusCode.NotFound,
                    .. size.Length > 0 ? (HttpStatusCode[])[HttpStatusCode.BadRequest] : [],
                ],
            }, cancellation))
        {
            if (page.Status == HttpStatusCode.BadRequest) return null;
            if (page.Status == HttpStatusCode.OK)
                tags.AddRange(Parse(page,
                    json => json.TryGetProperty("tags", out var list) && list.ValueKind == JsonValueKind.Array
                        ? list.EnumerateArray()
                            .Select(x => x.GetString() ?? throw new JsonException("a tag is null"))
                            .ToList() : []));
        }

        return tags;
    }

    /// <summary>
    /// Size of a blob; null when it is not there. A size that the registry does not say is taken on trust.
    /// </summary>
    /// <exception cref="ProblemException">It has another size or digest.</exception>
    public async Task<long?> HeadBlobAsync(string repository, OciDescriptor blob, bool justPushed = false,
        CancellationToken cancellation = default)
    {
        var response = await _transport.SendAsync(Blob(HttpMethod.Head, repository, blob) with
        {
            JustPushed = justPushed,
            Answers = [HttpStatusCode.OK, HttpStatusCode.NotFound],
        }, cancellation);
        if (response.Status == HttpStatusCode.NotFound) return null;
        var (digest, size) = (response.Digest ?? blob.Digest, response.Length ?? blob.Size);
        return digest == blob.Digest && size == blob.Size ? size
            : throw new ProblemException(new Problem($"{Registry}/{repository} has {digest} with {size} bytes",
                Expected: $"{blob.Digest} with {blob.Size} bytes", Remedy: "Have the registry's storage checked"));
    }

    /// <summary>A small blob, checked against its digest.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="blob">What it must be; at most 4 MiB.</param>
    /// <exception cref="ProblemException">It is not there, too large, or something else.</exception>
    public async Task<byte[]> GetBlobAsync(string repository, OciDescriptor blob,
        CancellationToken cancellation = default)
    {
        if (blob.Size > RegistryTransport.BodyLimit)
            throw new ProblemException($"{blob.Digest} has {blob.Size} bytes; that is too much to hold in memory");
        var response = await _transport.SendAsync(Blob(HttpMethod.Get, repository, blob), cancellation);
        return Digest.OfBytes(response.Body) is var digest && digest == blob.Digest
            ? response.Body
            : throw Wrong(repository, blob.Digest, digest);
    }

    /// <summary>
    /// Writes a blob into a file, which gets its name when all of it is there and is what it should be.
    /// </summary>
    public Task DownloadBlobAsync(string repository, OciDescriptor blob, AbsolutePath file,
        CancellationToken cancellation = default) =>
        AtomicFile.WriteAsync(file, async aside =>
        {
            await using var download = new BlobDownload(_transport,
                Blob(HttpMethod.Get, repository, blob), blob, aside);
            using var work = _watch?.Begin($"{repository}: download of {OciDigest.Short(blob.Digest)}",
                transfer: new Transfer(() => blob.Size, () => download.Received));
            await download.RunAsync(cancellation);
        });

    /// <summary>Brings a blob into a repository, unless it is there.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="blob">What it is; what is sent is checked against it.</param>
    /// <param name="open">Opens it; called for each attempt.</param>
    /// <param name="from">Another repository of the registry that may have it.</param>
    public async Task<BlobTransfer> PushBlobAsync(string repository, OciDescriptor blob, Func<Stream> open,
        string? from = null, CancellationToken cancellation = default)
    {
        if (await HeadBlobAsync(repository, blob, cancellation: cancellation) is not null) return BlobTransfer.Present;
        var upload = new BlobUpload(_transport, repository, blob, open);
        using var work = _watch?.Begin($"{repository}: upload of {OciDigest.Short(blob.Digest)}",
            transfer: new Transfer(() => blob.Size, () => upload.Sent));
        return await upload.RunAsync(from == repository ? null : from, cancellation);
    }

    /// <summary>What refers to a manifest, by the registry's own list.</summary>
    /// <exception cref="ProblemException">Among others: its answer cannot be understood.</exception>
    internal async Task<RegistryReferrers> ReferrersAsync(string repository, string digest,
        CancellationToken cancellation)
    {
        var referrers = new List<JsonElement>();
        await foreach (var page in PagesAsync(new RegistryRequest(HttpMethod.Get,
            new Uri($"/v2/{repository}/referrers/{digest}", UriKind.Relative), repository, "list of referrers")
        {
            Accept = [OciMediaTypes.Index],
            // Registries from before the API know no such place.
            Answers =
                [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.BadRequest,
                HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotAcceptable, HttpStatusCode.NotImplemented],
        }, cancellation))
        {
            if (page.Status == HttpStatusCode.NotImplemented)
                return new(null, $"{Registry} answers {(int)page.Status} to the {page.Uri.AbsolutePath}");
            if (page.Status != HttpStatusCode.OK) return new(null);
            referrers.AddRange(Parse(page, json => OciJson.Require(json, "manifests", JsonValueKind.Array)
                .EnumerateArray()
                .Select(x => x.Clone())
                .ToList()));
        }

        return new(referrers);
    }

    async IAsyncEnumerable<RegistryResponse> PagesAsync(RegistryRequest request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        // A list that bites its own tail would never end.
        for (var seen = new HashSet<Uri>(); ;)
        {
            var page = await _transport.SendAsync(request, cancellation);
            yield return page;
            if (page.Status != HttpStatusCode.OK
                || page["Link"] is not { } links
                || LinkHeader.Next(links) is not { } next)
                yield break;
            if (!Uri.TryCreate(page.Uri, next, out var uri)
                || uri.Authority != _transport.Address.Authority
                || !seen.Add(uri))
                throw new ProblemException(
                    $"{Registry} continues its {request.What} ({request.Repository}) at '{next}', where it cannot be")
                {
                    IsUnknown = true,
                };
            request = request with { Uri = uri };
        }
    }

    T Parse<T>(RegistryResponse response, Func<JsonElement, T> read)
    {
        try
        {
            return OciJson.Parse(response.Body, x => x.ValueKind == JsonValueKind.Object ? read(x)
                : throw new JsonException("it is no object"));
        }
        catch (JsonException e)
        {
            throw new ProblemException(
                $"{Registry} answers {response.Uri.AbsolutePath} with something that cannot be understood: {e.Message}",
                inner: e)
            {
                IsUnknown = true,
            };
        }
    }

    static RegistryRequest Manifest(HttpMethod method, string repository, string reference, string what) =>
        new(method, new Uri($"/v2/{repository}/manifests/{reference}", UriKind.Relative), repository,
            $"{what} of {reference}")
        {
            Accept = s_manifestTypes,
            Answers = [HttpStatusCode.OK, HttpStatusCode.NotFound],
        };

    static RegistryRequest Blob(HttpMethod method, string repository, OciDescriptor blob) =>
        new(method, new Uri($"/v2/{repository}/blobs/{blob.Digest}", UriKind.Relative), repository,
            $"{(method == HttpMethod.Head ? "lookup" : "download")} of {blob.Digest}");

    static string TypeOf(RegistryResponse response) =>
        response["Content-Type"]?.Split(';')[0].Trim() ?? OciMediaTypes.Manifest;

    ProblemException Wrong(string repository, string expected, string found) =>
        new(new Problem($"{Registry}/{repository} gives {found}", Expected: expected,
            Remedy: "Have the registry's storage checked; what it serves is not what was asked for"));
}

/// <summary>A registry's own list of what refers to a manifest.</summary>
/// <param name="Entries">Descriptors; null where it keeps no such lists.</param>
/// <param name="Doubt">Where it keeps none: why that may be otherwise; null where it says so itself.</param>
sealed record RegistryReferrers(IReadOnlyList<JsonElement>? Entries, string? Doubt = null);

/// <summary>A manifest or index as a registry has it.</summary>
/// <param name="Descriptor">What it is.</param>
/// <param name="Content">Its bytes, which have the descriptor's digest.</param>
public sealed record StoredManifest(OciDescriptor Descriptor, byte[] Content);
