using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// The Authorization header for a registry: HTTP Basic, or the bearer token of a token server (distribution,
/// docs/spec/auth/token.md and oauth.md), which is kept for its time and scope. What a registry wants is known once it
/// has refused something.
/// </summary>
/// <param name="registry">The registry as names have it.</param>
/// <param name="credentials">Where credentials are from.</param>
/// <param name="send">Sends a request to a token server and gives its answer.</param>
sealed class RegistryAuth(string registry, DockerCredentials credentials,
    Func<HttpRequestMessage, CancellationToken, Task<RegistryResponse>> send) : IDisposable
{
    const string ClientId = "openstack-images";

    /// <summary>
    /// How long a token lasts that does not say it (token.md), and how long before its end it is not used any more.
    /// </summary>
    static readonly TimeSpan s_usual = TimeSpan.FromSeconds(60), s_margin = TimeSpan.FromSeconds(10);

    const string Insufficient = "insufficient_scope";

    readonly SemaphoreSlim _turn = new(1);
    readonly Dictionary<string, Token> _tokens = new(StringComparer.Ordinal);

    /// <summary>Credentials may be those of a namespace alone, so they are kept by repository.</summary>
    readonly ConcurrentDictionary<string, RegistryCredential?> _credentials = new(StringComparer.Ordinal);

    /// <summary>What the registry has asked for, where that is more or something else than what was needed.</summary>
    readonly Dictionary<string, string> _asked = new(StringComparer.Ordinal);

    AuthChallenge? _challenge;

    /// <summary>A token: until when it is used, and what the registry had asked for when it was fetched.</summary>
    sealed record Token(AuthenticationHeaderValue Header, DateTime Until, string? Asked);

    /// <summary>Whether an answer says that it wants to know who asks, or that the token does not allow enough (RFC
    /// 6750, section 3.1).</summary>
    public static bool IsRefusal(RegistryResponse response) => response.Status == HttpStatusCode.Unauthorized
        || (response.Status == HttpStatusCode.Forbidden && response["WWW-Authenticate"] is { } header
            && AuthChallenge.Parse(header).Any(x => x["error"] == Insufficient));

    /// <summary>Where the credentials for a repository are from, null where there are none; for messages.</summary>
    public string? SourceFor(string repository) => _credentials.GetValueOrDefault(repository)?.Source;

    /// <summary>The header to send at once; null as long as the registry has not asked for any.</summary>
    public async Task<AuthenticationHeaderValue?> HeaderAsync(string repository, IReadOnlyList<string> scopes,
        CancellationToken cancellation)
    {
        if (_challenge is null) return null;
        await _turn.WaitAsync(cancellation);
        try
        {
            return _challenge is { } challenge ? await HeaderAsync(challenge, repository, scopes, cancellation) : null;
        }
        catch (ProblemException)
        {
            // A challenge that could not be met is not asked of the next request: the registry may say otherwise.
            _challenge = null;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes note of a refusal.</summary>
    /// <param name="headers">The <c>WWW-Authenticate</c> headers.</param>
    /// <param name="refused">The header that was sent; null without one.</param>
    /// <param name="repository">The repository that was asked for.</param>
    /// <param name="scopes">What is needed for it.</param>
    /// <returns>Whether another attempt may do better.</returns>
    /// <exception cref="ProblemException">It wants what we do not have.</exception>
    public async Task<bool> RefusedAsync(
        IEnumerable<string> headers, AuthenticationHeaderValue? refused, string repository,
            IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        var challenges = headers.SelectMany(AuthChallenge.Parse).ToList();
        // A token is worth more than a password, which need not leave this machine then.
        var challenge = challenges.Find(x => x.Scheme == "bearer" && x["realm"] is not null)
            ?? challenges.Find(x => x.Scheme == "basic");
        if (challenge is null)
        {
            var wanted = challenges.Count == 0
                ? "and does not say how"
                : $"by {string.Join(" or ", challenges.Select(x => x.Scheme).Distinct())}";
            throw new ProblemException(
                new Problem($"{registry} wants to know who asks, {wanted}",
                Expected: "a challenge of Basic or Bearer"))
            { IsUnknown = true };
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            _challenge = challenge;
            // The same password again would be refused again; a token may have come to its end, or not allow what is
            // wanted.
            var again = refused is null || (refused.Scheme == "Bearer" && challenge.Scheme == "bearer");
            var key = KeyOf(scopes);
            var token = _tokens.GetValueOrDefault(key);
            // Whoever was refused with an earlier one has the one that another request has fetched meanwhile.
            var isLatest = token is not null && token.Header == refused;
            if (isLatest) _tokens[key] = token! with { Until = default };
            if (challenge["scope"] is not { Length: > 0 } asked) return again;
            // What is still wanted of a token that was fetched for it is not to be had by asking.
            if (isLatest && token!.Asked == asked && challenge["error"] == Insufficient)
                throw Insufficiency(repository, asked);
            if (token is not null
                && KeyOf(TokenScopes.Merge(scopes, asked)) != KeyOf(TokenScopes.Merge(scopes, token.Asked)))
                _tokens[key] = token with { Until = default };
            _asked[key] = asked;
            return again;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The error of credentials that are wrong or missing.</summary>
    /// <param name="repository">What they were for.</param>
    /// <param name="why">The registry's own words; may be empty.</param>
    public ProblemException Refusal(string? repository, string why)
    {
        var target = repository is null ? registry : $"{registry}/{repository}";
        var words = why.Length > 0 ? $": {why}" : "";
        return (repository is null ? null : _credentials.GetValueOrDefault(repository)) is { } credential
            ? new ProblemException($"{registry} does not accept the credentials for {target}{words}",
                $"They are from {credential.Source}; {credential.Remedy ?? $"run 'docker login {registry}'"}")
            {
                IsUnknown = true,
            }
            : new ProblemException($"{registry} wants credentials for {target}{words}",
                $"None were found in {credentials.File}; run 'docker login {registry}'")
            { IsUnknown = true };
    }

    /// <summary>The error of credentials that are right, and of somebody who may not do this.</summary>
    ProblemException Insufficiency(string repository, string asked) =>
        _credentials.GetValueOrDefault(repository) is { } credential
        ? new ProblemException(
            $"{registry} wants a right for {registry}/{repository} that the credentials do not give: {asked}",
            $"They are from {credential.Source}; ask for that right, or run 'docker login {registry}' as somebody " +
                $"who has it")
        { IsUnknown = true }
        : Refusal(repository, $"it asks for {asked}");

    public void Dispose() => _turn.Dispose();

    async Task<AuthenticationHeaderValue?> HeaderAsync(AuthChallenge challenge, string repository,
        IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        if (!_credentials.TryGetValue(repository, out var credential))
            _credentials[repository] = credential = await credentials.FindAsync(registry, repository, cancellation);
        if (challenge.Scheme == "basic")
        {
            return credential is { IsIdentityToken: false } ? Basic(credential)
                : throw Refusal(repository, credential is null ? ""
                    : "it takes a password, and there is only an identity token");
        }

        var key = KeyOf(scopes);
        if (_tokens.TryGetValue(key, out var known) && known.Until > DateTime.UtcNow) return known.Header;
        var asked = _asked.GetValueOrDefault(key);
        var (header, until) =
            await TokenAsync(challenge, repository, credential, TokenScopes.Merge(scopes, asked), cancellation);
        _tokens[key] = new Token(header, until, asked);
        return header;
    }

    async Task<(AuthenticationHeaderValue Header, DateTime Until)> TokenAsync(
        AuthChallenge challenge, string repository, RegistryCredential? credential, IReadOnlyList<string> scopes,
            CancellationToken cancellation)
    {
        var realm = RealmOf(challenge);
        using var request = credential is { IsIdentityToken: true }
            ? Refresh(realm, challenge["service"], scopes, credential)
            : Ask(realm, challenge["service"], scopes, credential);
        var asked = DateTime.UtcNow;
        var response = await AskAsync(request, realm, cancellation);
        if (response.Status is not HttpStatusCode.OK)
        {
            var errors = RegistryError.Parse(response.Body);
            if (TransientFailure.Is(response.Status))
                throw new TransientFailure(
                    $"The token server {realm.Authority} of {registry} answers {(int)response.Status}",
                    TransientFailure.RetryAfter(response["Retry-After"], DateTimeOffset.UtcNow));
            if (response.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest)
                throw Refusal(repository, string.Join("; ", errors));
            throw new ProblemException(
                $"The token server {realm.Authority} of {registry} answers " +
                $"{(int)response.Status}{(errors.Count > 0 ? $": {string.Join("; ", errors)}" : "")}")
            {
                IsUnknown = true,
            };
        }

        try
        {
            var (text, lasts) = OciJson.Parse(response.Body, Read);
            return (new AuthenticationHeaderValue("Bearer", text),
                asked + (lasts > s_margin * 2 ? lasts - s_margin : lasts / 2));
        }
        catch (JsonException e)
        {
            throw new ProblemException(
                $"The token server {realm.Authority} of {registry} gave an answer that cannot be understood: " +
                $"{e.Message}", inner: e)
            { IsUnknown = true };
        }
    }

    /// <summary>What is wrong with its token server is told as that: the registry itself was there.</summary>
    async Task<RegistryResponse> AskAsync(HttpRequestMessage request, Uri realm, CancellationToken cancellation)
    {
        try
        {
            return await send(request, cancellation);
        }
        catch (ProblemException e)
        {
            throw new ProblemException($"{registry} names {realm.Authority} as its token server: {e.Problems[0].Found}",
                "Try again later, or correct what the registry names", e)
            { IsUnknown = e.IsUnknown };
        }
    }

    /// <summary>The token and how long it lasts.</summary>
    static (string Token, TimeSpan Lasts) Read(JsonElement json)
    {
        // Both names are in use; a token may not hold what would end a header.
        var text = OciJson.Text(json, "token") is { Length: > 0 } token ? token : OciJson.Text(json, "access_token")
            ?? "";
        if (text.Length == 0 || text.Any(x => x is <= ' ' or > '~')) throw new JsonException("there is no token in it");
        return (text, json.TryGetProperty("expires_in", out var expires) && expires.ValueKind == JsonValueKind.Number
            && expires.TryGetDouble(out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : s_usual);
    }

    /// <summary>The credentials go where the registry says; never in the clear over a network.</summary>
    Uri RealmOf(AuthChallenge challenge) => Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm)
        && realm.UserInfo.Length == 0
        && (realm.Scheme == Uri.UriSchemeHttps
            || (realm.Scheme == Uri.UriSchemeHttp && RegistryReference.IsLoopback(realm)))
        ? realm
        : throw new ProblemException(new Problem($"{registry} names '{challenge["realm"]}' as its token server",
            Expected: "an https URL"))
        {
            IsUnknown = true,
        };

    static HttpRequestMessage Ask(Uri realm, string? service, IReadOnlyList<string> scopes,
        RegistryCredential? credential)
    {
        var parameters = scopes.Select(x => ("scope", x))
            .Prepend(("service", service ?? ""))
            .Where(x => x.Item2.Length > 0)
            .Select(x => $"{x.Item1}={Uri.EscapeDataString(x.Item2)}");
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm)
        {
            Query = string.Join('&', parameters.Prepend(realm.Query.TrimStart('?')).Where(x => x.Length > 0)),
        }.Uri);
        if (credential is not null) request.Headers.Authorization = Basic(credential);
        return request;
    }

    static HttpRequestMessage Refresh(Uri realm, string? service, IReadOnlyList<string> scopes,
        RegistryCredential credential) =>
        new(HttpMethod.Post, realm)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "refresh_token",
                ["service"] = service ?? "",
                ["client_id"] = ClientId,
                ["scope"] = string.Join(' ', scopes),
                ["refresh_token"] = credential.Secret,
            }),
        };

    static AuthenticationHeaderValue Basic(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.User}:{credential.Secret}")));

    static string KeyOf(IReadOnlyList<string> scopes) => string.Join(' ', scopes.Order(StringComparer.Ordinal));
}
