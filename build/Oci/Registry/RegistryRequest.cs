using System.Net;

namespace OpenStack.Oci;

/// <summary>A request to a registry, to be sent as often as it takes.</summary>
/// <param name="Method">The method.</param>
/// <param name="Uri">Absolute, or relative to the registry's address.</param>
/// <param name="Repository">What it is about.</param>
/// <param name="What">What is attempted, for messages: <c>upload of sha256:…</c>.</param>
sealed record RegistryRequest(HttpMethod Method, Uri Uri, string Repository, string What)
{
    /// <summary>Statuses that the caller takes for an answer.</summary>
    public IReadOnlyList<HttpStatusCode> Answers { get; init; } = [HttpStatusCode.OK];

    /// <summary>Whether it needs the right to push.</summary>
    public bool Pushes { get; init; }

    /// <summary>Another repository that it takes a blob from.</summary>
    public string? From { get; init; }

    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Makes the body anew for each attempt. Gets what is to be called as it moves on.</summary>
    public Func<Action, HttpContent>? Content { get; init; }

    /// <summary>What it is about was pushed a moment ago: not found means not found yet.</summary>
    public bool JustPushed { get; init; }

    /// <summary>First byte that is asked for.</summary>
    public long RangeFrom { get; init; }

    /// <summary>
    /// Reads the body of an answer with status 200 or 206; without one it is kept, up to
    /// <see cref="RegistryTransport.BodyLimit"/>.
    /// </summary>
    public Func<HttpResponseMessage, Action, CancellationToken, Task>? Read { get; init; }

    /// <summary>Scopes of the distribution's token specification.</summary>
    public IReadOnlyList<string> Scopes => From is null
        ? [$"repository:{Repository}:{(Pushes ? "pull,push" : "pull")}"]
        : [$"repository:{Repository}:pull,push", $"repository:{From}:pull"];
}

/// <summary>An answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Uri">Who gave it, after redirects.</param>
/// <param name="Headers">By their names; several values joined as lists are.</param>
/// <param name="Body">The body; empty where something else has read it.</param>
sealed record RegistryResponse(HttpStatusCode Status, Uri Uri, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>The digest that the registry names; null where it names none, or no sha256.</summary>
    public string? Digest => this["Docker-Content-Digest"] is { } digest && OciDigest.Is(digest) ? digest : null;

    public long? Length => long.TryParse(this["Content-Length"], out var length) && length >= 0 ? length : null;

    /// <summary>Where an upload goes on: absolute, or relative to the request.</summary>
    public Uri? Location => this["Location"] is { } location && Uri.TryCreate(Uri, location, out var uri) ? uri : null;

    public static RegistryResponse Of(HttpResponseMessage message, byte[] body)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in message.Headers.NonValidated) headers[name] = string.Join(", ", values);
        foreach (var (name, values) in message.Content.Headers.NonValidated) headers[name] = string.Join(", ", values);
        return new RegistryResponse(message.StatusCode, message.RequestMessage!.RequestUri!, headers, body);
    }
}
