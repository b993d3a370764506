using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenStack.Storage;

/// <summary>
/// Everything that the output of a stage depends on, by name: digests of files, or short values as they are. Written beside the
/// output as <c>*.inputs.json</c>, so that two differing outputs can be explained.
/// </summary>
public sealed class StageInputs
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Values => _values;

    public StageInputs Add(string name, string value)
    {
        _values.Add(name, value);
        return this;
    }

    /// <summary>One JSON object, keys sorted, two-space indent, final newline.</summary>
    public string ToJson() => JsonSerializer.Serialize(_values, s_json) + "\n";
}
