using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
    readonly WebApplication _application;
    readonly ConcurrentQueue<FakeRequest> _requests = new();

    public FakeServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // The system chooses a port while it binds it: one that was looked for before may be somebody else's by then.
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(ServeAsync);
        _application.Start();
        Url = new Uri(_application.Urls.Single());
    }

    public Uri Url { get; }

    public Func<FakeRequest, FakeAnswer> Answer { get; set; } = _ => new FakeAnswer(404, "{\"message\":\"Not Found\"}");

    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    public void Dispose() => ((IDisposable)_application).Dispose();

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
