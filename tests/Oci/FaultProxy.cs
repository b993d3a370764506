using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Tests.Oci;

/// <summary>What can happen to a request on its way.</summary>
enum Fault
{
    None,

    /// <summary>429 with <c>Retry-After: 0</c>.</summary>
    TooMany,

    /// <summary>429 with <c>Retry-After: 1</c>.</summary>
    TooManyForASecond,

    /// <summary>503; the body is not read.</summary>
    Unavailable,

    /// <summary>The connection is reset before the registry gets anything.</summary>
    ResetBefore,

    /// <summary>The registry does what it is asked for, and its answer is lost.</summary>
    AnswerLost,

    /// <summary>Half of the answer, then a reset.</summary>
    AnswerCut,

    /// <summary>The registry gets half of the body.</summary>
    BodyCut,

    /// <summary>What was stored a moment ago is not found.</summary>
    NotFoundYet,

    /// <summary>403, which no patience helps against.</summary>
    Denied,

    /// <summary>413, as a gateway has it.</summary>
    TooLarge,
}

/// <summary>A request that came by.</summary>
sealed record SeenRequest(string Method, string Target, string? Authorization, Fault Fault)
{
    public string Path => Target.Split('?')[0];

    public bool WritesTag => Method == "PUT"
        && Path.Contains("/manifests/", StringComparison.Ordinal)
        && !Path.Contains("sha256", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path} {Fault}";
}

/// <summary>
/// Stands before a registry and lets things happen. Plain sockets, one request per connection: no server lets itself be
/// told to break off in the middle of a response.
/// </summary>
sealed class FaultProxy : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly IPEndPoint _upstream;
    readonly ConcurrentDictionary<string, DateTime> _stored = new();
    readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _referrers = new();

    public FaultProxy(IPEndPoint upstream)
    {
        _upstream = upstream;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Decides what happens to a request: method, target, length of the body.</summary>
    public Func<string, string, long, Fault> Decide { get; set; } = (_, _, _) => Fault.None;

    /// <summary>Lists referrers as registries after version 1.1 of the specification do, one per page.</summary>
    public bool ListsReferrers { get; init; }

    /// <summary>How long each request takes longer.</summary>
    public TimeSpan Delay { get; init; }

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>Lets a part of the requests fail, in one of these ways.</summary>
    public FaultProxy WithRandomFaults(int seed, double share, params Fault[] ways)
    {
        var random = new Random(seed);
        Decide = (_, _, _) =>
        {
            lock (random) return random.NextDouble() < share ? ways[random.Next(ways.Length)] : Fault.None;
        };
        return this;
    }

    public void Dispose() => _listener.Dispose();

    async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ServeAsync(client.Client, client.GetStream());
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The client, or the registry, has gone.
            }
        }
    }

    async Task ServeAsync(Socket socket, NetworkStream client)
    {
        var head = await HeadAsync(client);
        if (head.Length == 0) return;
        var lines = head.Split("\r\n");
        var (method, target) = (lines[0].Split(' ')[0], lines[0].Split(' ')[1]);
        var path = target.Split('?')[0];
        var length = long.Parse(HeaderOf(lines, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
        var fault = Decide(method, target, length);
        // Only what has just been stored can be not found yet, and only a body can be cut.
        if (fault == Fault.NotFoundYet
            && !(method is "GET" or "HEAD"
                && _stored.TryGetValue(path, out var stored)
                && DateTime.UtcNow - stored < TimeSpan.FromSeconds(2)))
            fault = Fault.None;
        if (fault == Fault.BodyCut && length < 2) fault = Fault.ResetBefore;
        Seen.Enqueue(new SeenRequest(method, target, HeaderOf(lines, "Authorization"), fault));
        if (Delay > TimeSpan.Zero) await Task.Delay(Delay);
        switch (fault)
        {
            case Fault.ResetBefore: Reset(socket); return;
            case Fault.TooMany: await AnswerAsync(client, 429, "Retry-After: 0\r\n", "", length); return;
            case Fault.TooManyForASecond: await AnswerAsync(client, 429, "Retry-After: 1\r\n", "", length); return;
            case Fault.Unavailable: await AnswerAsync(client, 503, "", "<html>busy</html>", 0); return;
            case Fault.Denied:
                await AnswerAsync(client, 403, "",
                    """{"errors":[{"code":"DENIED","message":"not any more"}]}""", length);
                return;
            case Fault.TooLarge: await AnswerAsync(client, 413, "", "<html>413</html>", length); return;
            case Fault.NotFoundYet:
                await AnswerAsync(client, 404, "",
                    method == "HEAD" ? "" : """{"errors":[{"code":"MANIFEST_UNKNOWN"}]}""", length);
                return;
        }

        if (ListsReferrers && method == "GET" && path.Contains("/referrers/", StringComparison.Ordinal))
        {
            await ListAsync(client, path, target);
            return;
        }

        await ForwardAsync(socket, client, lines, method, path, length, fault);
    }

    async Task ForwardAsync(Socket socket, NetworkStream client, string[] lines, string method, string path,
        long length, Fault fault)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(_upstream);
        var upstream = connection.GetStream();
        var sent = string.Join("\r\n",
            lines.Where(x => x.Length > 0 && !x.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)))
            + "\r\nConnection: close\r\n\r\n";
        await upstream.WriteAsync(Encoding.ASCII.GetBytes(sent));
        var body = new MemoryStream();
        await CopyAsync(client, upstream, fault == Fault.BodyCut ? length / 2 : length,
            path.Contains("/manifests/", StringComparison.Ordinal) ? body : null);
        if (fault == Fault.BodyCut)
        {
            Reset(socket);
            return;
        }

        var answer = new MemoryStream();
        if (fault is Fault.AnswerLost or Fault.AnswerCut || method is "PUT" or "POST")
            await upstream.CopyToAsync(answer);
        var text = Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length);
        if (text.StartsWith("HTTP/1.1 201", StringComparison.Ordinal)) Remember(method, path, text, body.ToArray());
        if (fault is Fault.AnswerLost or Fault.AnswerCut)
        {
            if (fault == Fault.AnswerCut)
                await client.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length / 2));
            Reset(socket);
            return;
        }

        if (answer.Length == 0) await upstream.CopyToAsync(client);
        else if (ListsReferrers && SubjectOf(body.ToArray()) is { } subject)
            await client.WriteAsync(Encoding.Latin1.GetBytes(text.Replace("\r\n\r\n",
                $"\r\nOCI-Subject: {subject}\r\n\r\n", StringComparison.Ordinal)));
        else await client.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length));
    }

    void Remember(string method, string path, string answer, byte[] body)
    {
        _stored[path] = DateTime.UtcNow;
        // A blob is stored where its upload says, not where it was sent.
        if (path.Contains("/uploads/", StringComparison.Ordinal)
            && answer.Split("\r\n")
                .FirstOrDefault(x => x.StartsWith("Docker-Content-Digest: ", StringComparison.Ordinal)) is { } digest)
            _stored[$"{path[..path.IndexOf("uploads/", StringComparison.Ordinal)]}"
                + $"{digest["Docker-Content-Digest: ".Length..]}"] = DateTime.UtcNow;
        if (!ListsReferrers || method != "PUT" || SubjectOf(body) is not { } subject) return;
        var list = _referrers.GetOrAdd(
            $"{path[..path.IndexOf("/manifests/", StringComparison.Ordinal)]}/referrers/{subject}", _ => new());
        var descriptor =
            $$"""{"mediaType":"{{OciMediaTypes.Manifest}}","digest":"{{Digest.OfBytes(body)}}","size":{{body.Length}},"artifactType":"{{Referrer.BundleType}}"}""";
        if (!list.Contains(descriptor)) list.Enqueue(descriptor);
    }

    async Task ListAsync(NetworkStream client, string path, string target)
    {
        var list = _referrers.TryGetValue(path, out var found) ? found.ToArray() : [];
        var page = target.Split("page=") is [_, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
        var link = page + 1 < list.Length ? $"Link: <{path}?page={page + 1}>; rel=\"next\"\r\n" : "";
        await AnswerAsync(client, 200, link,
            $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[{{list.ElementAtOrDefault(page)}}]}""",
            0);
    }

    static string? SubjectOf(byte[] body)
    {
        if (body.Length == 0) return null;
        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("subject", out var subject)
            ? subject.GetProperty("digest").GetString()
            : null;
    }

    static async Task AnswerAsync(NetworkStream client, int status, string headers, string body, long drain)
    {
        await CopyAsync(client, Stream.Null, drain, null);
        await client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: {body.Length}\r\n"
            + $"{headers}Connection: close\r\n\r\n{body}"));
    }

    static async Task<string> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!EndsHead(head) && await stream.ReadAsync(one) == 1) head.Append((char)one[0]);
        return head.ToString();
    }

    static bool EndsHead(StringBuilder x) =>
        x.Length >= 4 && x[^1] == '\n' && x[^2] == '\r' && x[^3] == '\n' && x[^4] == '\r';

    static async Task CopyAsync(Stream from, Stream to, long length, Stream? also)
    {
        var buffer = new byte[64 << 10];
        while (length > 0
            && await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length))) is var count and > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, count));
            if (also is not null) await also.WriteAsync(buffer.AsMemory(0, count));
            length -= count;
        }
    }

    static string? HeaderOf(string[] lines, string name) => lines
        .FirstOrDefault(x => x.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..]
        .Trim();

    static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
