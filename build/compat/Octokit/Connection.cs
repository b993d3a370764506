#nullable disable
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octokit;

/// <summary>Sends requests and turns statuses from 400 on into exceptions; nothing is repeated.</summary>
sealed class Connection(ProductHeaderValue product, Uri baseAddress)
{
    static readonly HttpClient s_client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = TimeSpan.FromSeconds(100) };

    public Uri BaseAddress { get; } = baseAddress;

    public Credentials Credentials { get; set; } = Credentials.Anonymous;

    /// <summary>All items of a list, page after page.</summary>
    public async Task<IReadOnlyList<T>> GetAllAsync<T>(string path, IEnumerable<(string Key, string Value)> parameters, ApiOptions options, Func<JsonElement, T> parse)
    {
        var query = string.Join('&', parameters.Append((Key: "per_page", Value: options.PageSize?.ToString(CultureInfo.InvariantCulture))).Where(x => x.Value is not null).Select(x => $"{x.Key}={Uri.EscapeDataString(x.Value)}"));
        var next = new Uri(BaseAddress, $"{path}?{query}");
        var items = new List<T>();
        while (next is not null)
        {
            var response = await SendAsync(HttpMethod.Get, next, null);
            using var json = JsonDocument.Parse((string)response.Body);
            items.AddRange(json.RootElement.EnumerateArray().Select(parse));
            next = response.ApiInfo.Links.GetValueOrDefault("next");
        }

        return items;
    }

    public async Task<T> SendAsync<T>(HttpMethod method, string path, JsonObject body, Func<JsonElement, T> parse)
    {
        var response = await SendAsync(method, new Uri(BaseAddress, path), body);
        using var json = JsonDocument.Parse((string)response.Body);
        return parse(json.RootElement);
    }

    /// <summary>The answer has no content.</summary>
    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, new Uri(BaseAddress, path), null);

    async Task<Response> SendAsync(HttpMethod method, Uri uri, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, uri);
        request.Headers.UserAgent.ParseAdd($"{product} (Octokit.net)");
        request.Headers.Accept.ParseAdd("application/vnd.github.v3+json");
        if (Credentials.Password is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Token", token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/x-www-form-urlencoded");
        using var message = await s_client.SendAsync(request);
        var response = new Response(message, await message.Content.ReadAsStringAsync());
        return (int)response.StatusCode < 400 ? response : throw ExceptionOf(response);
    }

    static ApiException ExceptionOf(Response response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized => new AuthorizationException(response),
        HttpStatusCode.Forbidden => ForbiddenOf(response),
        HttpStatusCode.NotFound => new NotFoundException(response),
        HttpStatusCode.UnprocessableEntity => new ApiValidationException(response),
        _ => new ApiException(response),
    };

    /// <summary>What is forbidden for the time being is told from the rest by the text alone.</summary>
    static ForbiddenException ForbiddenOf(Response response)
    {
        var body = (string)response.Body;
        bool Says(string text) => body.Contains(text, StringComparison.Ordinal);
        return Says("rate limit exceeded") ? new RateLimitExceededException(response)
            : Says("secondary rate limit") ? new SecondaryRateLimitExceededException(response)
            : Says("abuse-rate-limits") || Says("abuse detection mechanism") ? new AbuseException(response)
            : new ForbiddenException(response);
    }
}
