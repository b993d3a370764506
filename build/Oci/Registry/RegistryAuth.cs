using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// The Authorization header for a registry: HTTP Basic, or the bearer token of a token server (distribution, docs/spec/auth/token.md and
/// oauth.md), which is kept for its time and scope. What a registry wants is known once it has refused something.
/// </summary>
/// <param name="registry">The registry as names have it.</param>
/// <param name="credentials">Where credentials are from.</param>
/// <param name="send">Sends a request to a token server and gives its answer.</param>
sealed class RegistryAuth(string registry, DockerCredentials credentials, Func<HttpRequestMessage, CancellationToken, Task<RegistryResponse>> send) : IDisposable
{
    const string ClientId = "openstack-images";

    /// <summary>How long a token lasts that does not say it (token.md), and how long before its end it is not used any more.</summary>
    static readonly TimeSpan s_usual = TimeSpan.FromSeconds(60), s_margin = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim _turn = new(1);
    readonly Dictionary<string, (AuthenticationHeaderValue Header, DateTime Until)> _tokens = new(StringComparer.Ordinal);
    AuthChallenge? _challenge;
    RegistryCredential? _credential;
    bool _sought;

    /// <summary>Where the credentials are from, null where there are none; for messages.</summary>
    public string? Source => _credential?.Source;

    /// <summary>The header to send at once; null as long as the registry has not asked for any.</summary>
    public async Task<AuthenticationHeaderValue?> HeaderAsync(IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        if (_challenge is null) return null;
        await _turn.WaitAsync(cancellation);
        try
        {
            return await HeaderAsync(_challenge, scopes, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes note of a refusal.</summary>
    /// <param name="headers">The <c>WWW-Authenticate</c> headers.</param>
    /// <param name="refused">The header that was sent; null without one.</param>
    /// <param name="scopes">What was asked for.</param>
    /// <returns>Whether another attempt may do better.</returns>
    /// <exception cref="ProblemException">It wants what we do not have.</exception>
    public async Task<bool> RefusedAsync(IEnumerable<string> headers, AuthenticationHeaderValue? refused, IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        var challenges = headers.SelectMany(AuthChallenge.Parse).ToList();
        // A token is worth more than a password, which need not leave this machine then.
        var challenge = challenges.Find(x => x.Scheme == "bearer" && x["realm"] is not null) ?? challenges.Find(x => x.Scheme == "basic");
        if (challenge is null)
        {
            var wanted = challenges.Count == 0 ? "and does not say how" : $"by {string.Join(" or ", challenges.Select(x => x.Scheme).Distinct())}";
            throw new ProblemException(new Problem($"{registry} wants to know who asks, {wanted}", Expected: "a challenge of Basic or Bearer"));
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            _challenge = challenge;
            // The same password again would be refused again; a token may have come to its end.
            var again = refused is null || (refused.Scheme == "Bearer" && challenge.Scheme == "bearer");
            if (_tokens.GetValueOrDefault(KeyOf(scopes)).Header == refused) _tokens.Remove(KeyOf(scopes));
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
        return _credential is { } credential
            ? new ProblemException($"{registry} does not accept the credentials for {target}{words}", $"They are from {credential.Source}; {credential.Remedy ?? $"run 'docker login {registry}'"}")
            : new ProblemException($"{registry} wants credentials for {target}{words}", $"None were found in {credentials.File}; run 'docker login {registry}'");
    }

    public void Dispose() => _turn.Dispose();

    async Task<AuthenticationHeaderValue?> HeaderAsync(AuthChallenge challenge, IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        if (!_sought) _credential = await credentials.FindAsync(registry, cancellation);
        _sought = true;
        if (challenge.Scheme == "basic")
        {
            return _credential is { IsIdentityToken: false } ? Basic(_credential) : throw Refusal(null, _credential is null ? "" : "it takes a password, and there is only an identity token");
        }

        var key = KeyOf(scopes);
        if (_tokens.TryGetValue(key, out var known) && known.Until > DateTime.UtcNow) return known.Header;
        var token = await TokenAsync(challenge, scopes, cancellation);
        _tokens[key] = token;
        return token.Header;
    }

    async Task<(AuthenticationHeaderValue Header, DateTime Until)> TokenAsync(AuthChallenge challenge, IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        var realm = RealmOf(challenge);
        using var request = _credential is { IsIdentityToken: true } ? Refresh(realm, challenge["service"], scopes, _credential) : Ask(realm, challenge["service"], scopes, _credential);
        var asked = DateTime.UtcNow;
        var response = await send(request, cancellation);
        if (response.Status is not HttpStatusCode.OK)
        {
            var errors = RegistryError.Parse(response.Body);
            if (TransientFailure.Is(response.Status)) throw new TransientFailure($"The token server {realm.Authority} of {registry} answers {(int)response.Status}", TransientFailure.RetryAfter(response["Retry-After"], DateTimeOffset.UtcNow));
            if (response.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest) throw Refusal(RepositoryOf(scopes), string.Join("; ", errors));
            throw new ProblemException($"The token server {realm.Authority} of {registry} answers {(int)response.Status}{(errors.Count > 0 ? $": {string.Join("; ", errors)}" : "")}");
        }

        try
        {
            using var json = JsonDocument.Parse(response.Body);
            // Both names are in use; a token may not hold what would end a header.
            var text = OciJson.Text(json.RootElement, "token") is { Length: > 0 } token ? token : OciJson.Text(json.RootElement, "access_token") ?? "";
            if (text.Length == 0 || text.Any(x => x is <= ' ' or > '~')) throw new JsonException("there is no token in it");
            var lasts = json.RootElement.TryGetProperty("expires_in", out var expires) && expires.ValueKind == JsonValueKind.Number && expires.TryGetDouble(out var seconds) && seconds > 0
                ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : s_usual;
            return (new AuthenticationHeaderValue("Bearer", text), asked + (lasts > s_margin * 2 ? lasts - s_margin : lasts / 2));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException($"The token server {realm.Authority} of {registry} gave an answer that cannot be understood: {e.Message}", inner: e);
        }
    }

    /// <summary>The credentials go where the registry says; never in the clear over a network.</summary>
    Uri RealmOf(AuthChallenge challenge) =>
        Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) && realm.UserInfo.Length == 0
        && (realm.Scheme == Uri.UriSchemeHttps || (realm.Scheme == Uri.UriSchemeHttp && RegistryReference.IsLoopback(realm)))
            ? realm
            : throw new ProblemException(new Problem($"{registry} names '{challenge["realm"]}' as its token server", Expected: "an https URL"));

    static HttpRequestMessage Ask(Uri realm, string? service, IReadOnlyList<string> scopes, RegistryCredential? credential)
    {
        var parameters = scopes.Select(x => ("scope", x)).Prepend(("service", service ?? "")).Where(x => x.Item2.Length > 0).Select(x => $"{x.Item1}={Uri.EscapeDataString(x.Item2)}");
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = string.Join('&', parameters.Prepend(realm.Query.TrimStart('?')).Where(x => x.Length > 0)) }.Uri);
        if (credential is not null) request.Headers.Authorization = Basic(credential);
        return request;
    }

    static HttpRequestMessage Refresh(Uri realm, string? service, IReadOnlyList<string> scopes, RegistryCredential credential) => new(HttpMethod.Post, realm)
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

    static string? RepositoryOf(IReadOnlyList<string> scopes) => scopes.Count > 0 && scopes[0].Split(':') is [_, var repository, _] ? repository : null;
}
