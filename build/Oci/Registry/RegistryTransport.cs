using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using OpenStack.Diagnostics;
using OpenStack.Network;

namespace OpenStack.Oci;

/// <summary>
/// Sends requests to one registry: with credentials, over redirects, again where that may help, and with errors that
/// say what to do.
/// </summary>
sealed class RegistryTransport : IDisposable
{
    /// <summary>
    /// The most of a body that is kept: what the distribution specification has a registry take as a manifest.
    /// </summary>
    public const int BodyLimit = 4 << 20;

    const int MostRedirects = 5;

    readonly string _registry;
    readonly RegistryRetry _retry;
    readonly Uri _address;
    readonly HttpClient _http;
    readonly RegistryAuth _auth;
    readonly bool _toPush;

    public RegistryTransport(string registry, DockerCredentials credentials, RegistryRetry retry, bool toPush)
    {
        (_registry, _retry, _toPush, _address) = (registry, retry, toPush, RegistryReference.AddressOf(registry));
        var handler = TlsTrust.NewHandler();
        handler.AllowAutoRedirect = false;
        // A proxy cannot reach what is on this machine.
        handler.UseProxy = _address.Scheme == Uri.UriSchemeHttps;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ExpectContinue = false;
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("openstack-images", "1.0"));
        _auth = new RegistryAuth(registry, credentials, AskTokenServerAsync);
    }

    public RegistryRetry Retry => _retry;

    public Uri Address => _address;

    public void Dispose()
    {
        _http.Dispose();
        _auth.Dispose();
    }

    /// <summary>Sends a request until it is answered.</summary>
    /// <exception cref="ProblemException">The answer is none of those expected, or there is none.</exception>
    public Task<RegistryResponse> SendAsync(RegistryRequest request, CancellationToken cancellation) =>
        _retry.RunAsync((_, token) => AttemptAsync(request, token), cancellation: cancellation);

    /// <summary>Sends a request once.</summary>
    /// <exception cref="TransientFailure">Another attempt may do better.</exception>
    /// <exception cref="ProblemException">No other attempt will.</exception>
    public async Task<RegistryResponse> AttemptAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var response = await AuthorizedAsync(request, cancellation);
        if (request.Answers.Contains(response.Status)
            && !(request.JustPushed && response.Status == HttpStatusCode.NotFound))
            return response;
        var errors = RegistryError.Parse(response.Body);
        var found = $"{_registry} answers {(int)response.Status} to the {request.What} "
            + $"({request.Repository}){(errors.Count > 0 ? $": {string.Join("; ", errors)}" : "")}";
        if (TransientFailure.Is(response.Status))
            throw new TransientFailure(found,
                TransientFailure.RetryAfter(response["Retry-After"], DateTimeOffset.UtcNow));
        // Some registries are a moment behind themselves.
        if (request.JustPushed
            && (response.Status == HttpStatusCode.NotFound
                || errors.Any(x => x.Code is "MANIFEST_BLOB_UNKNOWN" or "BLOB_UNKNOWN" or "MANIFEST_UNKNOWN")))
            throw new TransientFailure(found);
        if (response.Status == HttpStatusCode.Unauthorized)
            throw _auth.Refusal(request.Repository, string.Join("; ", errors));
        throw new ProblemException(found,
            RegistryError.RemedyFor(_registry, response.Status, errors, _auth.SourceFor(request.Repository)))
        {
            // That something is not there is an answer; anything else says nothing of what was asked about.
            IsUnknown = response.Status != HttpStatusCode.NotFound,
        };
    }

    async Task<RegistryResponse> AuthorizedAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var scopes = (request with { Pushes = request.Pushes || _toPush }).Scopes;
        for (var refusals = 0; ; refusals++)
        {
            var authorization = await _auth.HeaderAsync(request.Repository, scopes, cancellation);
            var response = await FollowAsync(request, authorization, cancellation);
            if (response.Uri.Authority != _address.Authority || refusals > 1 || !RegistryAuth.IsRefusal(response))
                return response;
            IReadOnlyList<string> challenges = response["WWW-Authenticate"] is { } header ? [header] : [];
            if (!await _auth.RefusedAsync(challenges, authorization, request.Repository, scopes, cancellation))
                return response;
        }
    }

    async Task<RegistryResponse> AskTokenServerAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        using var stall = new Stall(cancellation);
        return await ExchangeAsync(message, null, stall, "request for a token");
    }

    async Task<RegistryResponse> FollowAsync(RegistryRequest request, AuthenticationHeaderValue? authorization,
        CancellationToken cancellation)
    {
        var uri = Secure(new Uri(_address, request.Uri));
        for (var redirects = 0; ; redirects++)
        {
            using var stall = new Stall(cancellation);
            using var message = new HttpRequestMessage(request.Method, uri)
            {
                Content = request.Content?.Invoke(stall.Moved),
            };
            // Storage that a registry sends us on to has its own ways, and no business with our credentials.
            if (uri.Authority == _address.Authority && uri.Scheme == _address.Scheme)
                message.Headers.Authorization = authorization;
            foreach (var type in request.Accept) message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
            if (request.RangeFrom > 0) message.Headers.Range = new RangeHeaderValue(request.RangeFrom, null);
            var response = await ExchangeAsync(message, request.Read, stall, $"{request.What} ({request.Repository})");
            if (!IsFollowed(request.Method, response.Status)) return response;
            if (response.Location is not { } location || redirects == MostRedirects)
                throw new ProblemException(
                    $"{uri.Authority} redirects the {request.What} ({request.Repository}) to nowhere")
                {
                    IsUnknown = true,
                };
            uri = Secure(location);
        }
    }

    /// <summary>
    /// Redirects that mean the same request again (RFC 9110, section 15.4). With 301 and 302 clients are free to turn a
    /// body into a question, so that nobody sends uploads on by them.
    /// </summary>
    static bool IsFollowed(HttpMethod method, HttpStatusCode status) =>
        status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        || (status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            && (method == HttpMethod.Get || method == HttpMethod.Head));

    /// <summary>
    /// What a registry behind a proxy calls http is meant as it was asked for; nobody else leads from TLS into the
    /// clear.
    /// </summary>
    Uri Secure(Uri uri)
    {
        if (uri.Scheme == Uri.UriSchemeHttps
            || (uri.Scheme == Uri.UriSchemeHttp && _address.Scheme == Uri.UriSchemeHttp))
            return uri;
        if (uri.Scheme == Uri.UriSchemeHttp && uri.Host == _address.Host)
            return new UriBuilder(uri) { Scheme = Uri.UriSchemeHttps, Port = _address.Port }.Uri;
        throw new ProblemException(
            $"{_registry} leads to {uri.Scheme}://{uri.Authority}, which is not safe")
        { IsUnknown = true };
    }

    /// <summary>One message and its answer, as a span (OpenTelemetry, "Semantic conventions for HTTP").</summary>
    async Task<RegistryResponse> ExchangeAsync(HttpRequestMessage message,
        Func<HttpResponseMessage, Action, CancellationToken, Task>? read, Stall stall, string what)
    {
        using var span = Tracing.Source.StartActivity($"{message.Method}", ActivityKind.Client);
        // Not what is behind the path, by which storage knows who may ask.
        span?.SetTag("http.request.method", $"{message.Method}").SetTag("server.address", message.RequestUri!.Host)
            .SetTag("server.port", message.RequestUri.Port).SetTag("url.path", message.RequestUri.AbsolutePath)
            .SetTag("registry.request", what);
        try
        {
            var response = await ExchangeOnceAsync(message, read, stall, what);
            span?.SetTag("http.response.status_code", (int)response.Status);
            if ((int)response.Status >= 400) span?.SetStatus(ActivityStatusCode.Error);
            return response;
        }
        catch (Exception e)
        {
            span.Fail(e);
            throw;
        }
    }

    async Task<RegistryResponse> ExchangeOnceAsync(HttpRequestMessage message,
        Func<HttpResponseMessage, Action, CancellationToken, Task>? read, Stall stall, string what)
    {
        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            if (message.Method == HttpMethod.Head) return RegistryResponse.Of(response, []);
            if (read is null || response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
                return RegistryResponse.Of(response, await BodyAsync(response, stall));
            await read(response, stall.Moved, stall.Token);
            return RegistryResponse.Of(response, []);
        }
        catch (OperationCanceledException e) when (!stall.IsCancelledByCaller)
        {
            throw new TransientFailure($"{message.RequestUri!.Authority} went silent at the {what}", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // What is wrong with a body is no failure of sending it, but comes wrapped in one.
            if (RequestFailure.ProblemIn(e) is { } problem)
                throw new ProblemException(problem.Problems, problem) { IsUnknown = problem.IsUnknown };
            if (TransientFailure.Is(e))
                throw new TransientFailure($"The connection to {message.RequestUri!.Authority} broke at the {what}: "
                    + e.GetBaseException().Message.TrimEnd('.'), inner: e);
            throw new ProblemException(RequestFailure.Describe(message.RequestUri!.Authority, e), e)
            {
                IsUnknown = true,
            };
        }
    }

    static async Task<byte[]> BodyAsync(HttpResponseMessage response, Stall stall)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stall.Token);
        var body = new MemoryStream();
        var buffer = new byte[32 << 10];
        while (await stream.ReadAsync(buffer, stall.Token) is var count and > 0)
        {
            stall.Moved();
            body.Write(buffer, 0, count);
            if (body.Length > BodyLimit)
            {
                var uri = response.RequestMessage!.RequestUri!;
                throw new ProblemException(
                    $"{uri.Authority} answers {uri.AbsolutePath} with more than {BodyLimit >> 20} MiB",
                    "No manifest is as large")
                { IsUnknown = true };
            }
        }

        return body.ToArray();
    }
}
