using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>Reads members of JSON that somebody else wrote; what is missing or of the wrong kind is a <see cref="JsonException"/> that names it. Writes our own.</summary>
static class OciJson
{
    /// <summary>The media types of manifests have a <c>+</c> in them, which nothing but a browser's script would have to fear.</summary>
    static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON without blanks, in UTF-8.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_plain)) write(writer);
        return bytes.ToArray();
    }

    public static JsonElement Require(JsonElement json, string name, JsonValueKind kind) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new JsonException($"{name} is missing, or no {kind.ToString().ToLowerInvariant()}");

    /// <summary>A text, or null where it is missing or something else.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A map of texts; empty where it is missing.</summary>
    public static IReadOnlyDictionary<string, string> Map(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().Where(x => x.Value.ValueKind == JsonValueKind.String).DistinctBy(x => x.Name).ToDictionary(x => x.Name, x => x.Value.GetString()!, StringComparer.Ordinal)
            : new Dictionary<string, string>();
}
