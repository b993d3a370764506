using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>
/// Reads members of JSON that somebody else wrote; what is missing or of the wrong kind is a
/// <see cref="JsonException"/> that names it. Writes our own.
/// </summary>
static class OciJson
{
    /// <summary>
    /// The media types of manifests have a <c>+</c> in them, which nothing but a browser's script would have to fear.
    /// </summary>
    static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON without blanks, in UTF-8.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_plain)) write(writer);
        return bytes.ToArray();
    }

    /// <summary>Reads JSON that somebody else wrote.</summary>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="read">Takes of it what is wanted; the element is good for as long as that takes.</param>
    /// <exception cref="JsonException">It is none, or not that; says what it is in its place.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> bytes, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return read(json.RootElement);
        }
        catch (JsonException e) when (e.LineNumber is not null)
        {
            throw new JsonException(NoJson(bytes.Span, e), e);
        }
        catch (InvalidOperationException e)
        {
            // Text that is no Unicode is found out only when it is read.
            throw new JsonException(e.Message, e);
        }
    }

    /// <summary>What bytes are that are no JSON: a gateway's page, an archive, nothing.</summary>
    static string NoJson(ReadOnlySpan<byte> bytes, JsonException e)
    {
        var text = System.Text.Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 200)]).TrimStart();
        return text.Length == 0 ? "it is empty, and not JSON"
            : text.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase)
              || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) ? "it is an HTML page, and not JSON"
            : text[0] == '<' ? "it is XML or HTML, and not JSON"
            : LayerContent.PackingOf(bytes) is { } packing ? $"it is packed with {packing}, and not JSON"
            : $"it is no JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})";
    }

    public static JsonElement Require(JsonElement json, string name, JsonValueKind kind) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new JsonException($"{name} is missing, or no {kind.ToString().ToLowerInvariant()}");

    /// <summary>A text, or null where it is missing or something else.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>A map of texts; empty where it is missing.</summary>
    public static IReadOnlyDictionary<string, string> Map(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty(name, out var map)
            && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject()
                .Where(x => x.Value.ValueKind == JsonValueKind.String)
                .DistinctBy(x => x.Name)
                .ToDictionary(x => x.Name, x => x.Value.GetString()!, StringComparer.Ordinal)
            : new Dictionary<string, string>();
}
