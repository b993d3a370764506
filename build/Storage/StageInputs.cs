using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Storage;

/// <summary>
/// Everything that the output of a stage depends on, by name: digests of files, or short values as they are. Written
/// beside the output as <c>*.inputs.json</c>, so that two differing outputs can be explained.
/// </summary>
public sealed class StageInputs
{
    readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The inputs that a stage was made from, as its record has them.</summary>
    /// <exception cref="ProblemException">The file is not there, or not what <see cref="ToJson"/> gives.</exception>
    public static StageInputs Read(AbsolutePath file)
    {
        var inputs = new StageInputs();
        try
        {
            using var json = JsonDocument.Parse(Utf8File.Read(file, file));
            foreach (var input in json.RootElement.EnumerateObject())
                inputs._values[input.Name] = input.Value.GetString()
                    ?? throw new JsonException($"{input.Name} is null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException(new Problem($"This is no record of inputs: {e.Message}", file,
                Remedy: "Delete it and run the target that makes it"), e);
        }

        return inputs;
    }

    /// <summary>
    /// The inputs of several outputs that become one: what all have in common once, what differs once of each, as in
    /// <c>base.digest (linux/arm64)</c>.
    /// </summary>
    /// <param name="parts">By name of the output.</param>
    public static StageInputs Merge(IReadOnlyDictionary<string, StageInputs> parts)
    {
        var merged = new StageInputs();
        foreach (var name in parts.Values.SelectMany(x => x.Values.Keys).Distinct())
        {
            var values = parts.Select(x => (Part: x.Key, Value: x.Value.Values.GetValueOrDefault(name))).ToList();
            if (values.All(x => x.Value == values[0].Value)) merged.Add(name, values[0].Value!);
            else
                foreach (var (part, value) in values.Where(x => x.Value is not null))
                    merged.Add($"{name} ({part})", value!);
        }

        return merged;
    }

    /// <summary>What is otherwise than in an earlier record, a line each: <c>image.files: sha256:1f… →
    /// sha256:2e…</c>; of lists of words, those that came and went.</summary>
    public IReadOnlyList<string> ChangesSince(StageInputs earlier) =>
    [
        .. Values.Keys.Union(earlier.Values.Keys).Order(StringComparer.Ordinal)
            .Select(x => ChangeOf(x, earlier.Values.GetValueOrDefault(x), Values.GetValueOrDefault(x)))
            .OfType<string>(),
    ];

    static string? ChangeOf(string name, string? before, string? now) => (before, now) switch
    {
        (null, { } value) => $"{name} is new: {Short(value)}",
        ({ } value, null) => $"{name} is gone: {Short(value)}",
        _ when before == now => null,
        _ when before!.Contains(' ') || now!.Contains(' ') =>
            $"{name}: {WordsOf(before!.Split(' '), now!.Split(' '))}",
        _ => $"{name}: {Short(before!)} → {Short(now!)}",
    };

    static string WordsOf(string[] before, string[] now) => string.Join(' ',
        [.. now.Except(before).Select(x => $"+{x}"), .. before.Except(now).Select(x => $"-{x}")])
        is { Length: > 0 } changed ? changed : "in another order";

    /// <summary>As much of a digest as tells it from others.</summary>
    static string Short(string value) =>
        value.StartsWith("sha256:", StringComparison.Ordinal) && value.Length > 19 ? value[..19] : value;

    public StageInputs Add(string name, string value)
    {
        _values.Add(name, value);
        return this;
    }

    /// <summary>One JSON object, keys sorted, two-space indent, final newline.</summary>
    public string ToJson() => ReadableJson.Text(_values);
}
