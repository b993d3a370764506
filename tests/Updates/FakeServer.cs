using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpenStack.Tests.Updates;

/// <summary>A request as the server got it.</summary>
sealed record FakeRequest(string Method, string PathAndQuery, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Path => PathAndQuery.Split('?')[0];
}

/// <summary>An answer of the server.</summary>
sealed record FakeAnswer(int Status, string Body, params (string Name, string Value)[] Headers);

/// <summary>An HTTP server of this process that answers as a test says, and remembers what it was asked.</summary>
sealed class FakeServer : IDisposable
{
    readonly LoopbackServer _server;
    readonly ConcurrentQueue<FakeRequest> _requests = new();

    public FakeServer() => _server = new LoopbackServer(ServeAsync);

    public Uri Url => _server.Url;

    public Func<FakeRequest, FakeAnswer> Answer { get; set; } = _ => new FakeAnswer(404, "{\"message\":\"Not Found\"}");

    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    public void Dispose() => _server.Dispose();

    async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = new FakeRequest(context.Request.Method,
            // As it was sent: what is escaped in a path matters to GitHub.
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            await reader.ReadToEndAsync(),
            context.Request.Headers.ToDictionary(x => x.Key, x => x.Value.ToString(),
                StringComparer.OrdinalIgnoreCase));
        _requests.Enqueue(request);
        var answer = Answer(request);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (answer.Body.Length > 0) await context.Response.WriteAsync(answer.Body);
    }
}
