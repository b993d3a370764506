using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenStack.Storage;

/// <summary>
/// JSON that people read, too: indented, with <c>+</c>, <c>&amp;</c> and the like as they are, and a final newline.
/// </summary>
static class ReadableJson
{
    static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text<T>(T value) => JsonSerializer.Serialize(value, s_options) + "\n";
}
