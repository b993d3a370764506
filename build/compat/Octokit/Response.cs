#nullable disable
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Octokit;

public interface IResponse
{
    object Body { get; }

    IReadOnlyDictionary<string, string> Headers { get; }

    ApiInfo ApiInfo { get; }

    HttpStatusCode StatusCode { get; }
}

/// <summary>What the headers of an answer say.</summary>
public class ApiInfo
{
    internal ApiInfo(IReadOnlyDictionary<string, Uri> links, RateLimit rateLimit) => (Links, RateLimit) = (links, rateLimit);

    /// <summary><c>next</c>, <c>prev</c>, <c>first</c> and <c>last</c> of the header <c>Link</c>.</summary>
    public IReadOnlyDictionary<string, Uri> Links { get; private set; }

    public RateLimit RateLimit { get; private set; }
}

/// <summary>How many requests there may be, and until when.</summary>
public class RateLimit
{
    internal RateLimit(IReadOnlyDictionary<string, string> headers)
    {
        Reset = DateTimeOffset.FromUnixTimeSeconds(
            headers.TryGetValue("X-RateLimit-Reset", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0);
    }

    public DateTimeOffset Reset { get; }
}

sealed partial class Response : IResponse
{
    public Response(HttpResponseMessage message, string body)
    {
        Body = body;
        StatusCode = message.StatusCode;
        Headers = message.Headers.Concat(message.Content.Headers)
            .GroupBy(x => x.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(x => x.Key, x => x.First().Value.First(), StringComparer.OrdinalIgnoreCase);
        var links = Link().Matches(Headers.GetValueOrDefault("Link") ?? "").ToDictionary(x => x.Groups["rel"].Value, x => new Uri(x.Groups["uri"].Value));
        ApiInfo = new ApiInfo(links, new RateLimit(Headers));
    }

    public object Body { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public ApiInfo ApiInfo { get; }

    public HttpStatusCode StatusCode { get; }

    /// <summary>RFC 8288, as GitHub writes it.</summary>
    [GeneratedRegex("<(?<uri>[^>]+)>;\\s*rel=\"(?<rel>next|prev|first|last)\"")]
    private static partial Regex Link();
}
