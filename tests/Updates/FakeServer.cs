using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

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
    readonly HttpListener _listener = new();
    readonly ConcurrentQueue<FakeRequest> _requests = new();

    public FakeServer()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url { get; }

    public Func<FakeRequest, FakeAnswer> Answer { get; set; } = _ => new FakeAnswer(404, "{\"message\":\"Not Found\"}");

    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    public void Dispose() => _listener.Close();

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var request = new FakeRequest(context.Request.HttpMethod, context.Request.Url!.PathAndQuery, await reader.ReadToEndAsync(),
                context.Request.Headers.AllKeys.ToDictionary(x => x!, x => context.Request.Headers[x]!, StringComparer.OrdinalIgnoreCase));
            _requests.Enqueue(request);
            var answer = Answer(request);
            context.Response.StatusCode = answer.Status;
            foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
            context.Response.ContentType = "application/json; charset=utf-8";
            // With its length and in one piece: what ends an answer of unknown length would wait for the client's acknowledgement of the rest.
            context.Response.Close(Encoding.UTF8.GetBytes(answer.Body), willBlock: true);
        }
    }
}
