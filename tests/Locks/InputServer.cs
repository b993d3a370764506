using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using OpenStack.Locks;

namespace OpenStack.Tests.Locks;

/// <summary>What a server does with a request.</summary>
enum Serving
{
    Whole,

    /// <summary>404.</summary>
    Missing,

    /// <summary>503 with <c>Retry-After: 0</c>.</summary>
    Busy,

    /// <summary>One byte is another.</summary>
    OtherBytes,

    /// <summary>A byte more than there is.</summary>
    MoreBytes,

    /// <summary>The connection is closed after half of what was asked for.</summary>
    Cut,

    /// <summary>All of it, whatever part was asked for.</summary>
    NoRanges,
}

/// <summary>A file server of this process, and what it was asked for.</summary>
sealed class InputServer : IDisposable
{
    readonly LoopbackServer _server;
    readonly ConcurrentDictionary<string, byte[]> _files = new();

    public InputServer() => _server = new LoopbackServer(ServeAsync);

    public Uri Url => _server.Url;

    /// <summary>Decides what happens to a request by its path and how many there were of it before.</summary>
    public Func<string, int, Serving> Decide { get; set; } = (_, _) => Serving.Whole;

    /// <summary>Path and <c>Range</c> of each request.</summary>
    public ConcurrentQueue<(string Path, string Range)> Seen { get; } = new();

    /// <summary>Offers content of some size, which is the same for a name.</summary>
    /// <param name="places">Other servers, which are asked before this one.</param>
    public WantedInput Offer(string name, int size, params IReadOnlyList<InputServer> places)
    {
        var content = new byte[size];
        new Random(name.Aggregate(17, (sum, x) => unchecked(sum * 31 + x))).NextBytes(content);
        foreach (var server in places.Append(this)) server._files[$"/{name}"] = content;
        return new WantedInput(name, Convert.ToHexStringLower(SHA256.HashData(content)), size,
            [.. places.Append(this).Select(x => new Uri(x.Url, name))]);
    }

    public byte[] Content(string name) => _files[$"/{name}"];

    public void Dispose() => _server.Dispose();

    async Task ServeAsync(HttpContext context)
    {
        var (path, range) = (context.Request.Path.Value!, context.Request.Headers.Range.ToString());
        var serving = Decide(path, Seen.Count(x => x.Path == path));
        Seen.Enqueue((path, range));
        context.Response.StatusCode = serving switch { Serving.Missing => 404, Serving.Busy => 503, _ => 200 };
        if (serving == Serving.Busy) context.Response.Headers.RetryAfter = "0";
        if (context.Response.StatusCode != 200) return;
        var content = (byte[])_files[path].Clone();
        if (serving == Serving.OtherBytes) content[content.Length / 2] ^= 1;
        if (serving == Serving.MoreBytes) content = [.. content, 0];
        var from = range.Length > 0 && serving != Serving.NoRanges
            ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;
        if (from > 0)
        {
            context.Response.StatusCode = from < content.Length ? 206 : 416;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
            if (from >= content.Length) return;
        }

        var part = content.AsMemory(from);
        context.Response.ContentLength = part.Length;
        await context.Response.Body.WriteAsync(serving == Serving.Cut ? part[..(part.Length / 2)] : part);
        if (serving != Serving.Cut) return;
        await context.Response.Body.FlushAsync();
        // What is on its way arrives.
        await Task.Delay(200);
        context.Abort();
    }
}
