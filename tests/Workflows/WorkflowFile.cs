using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace OpenStack.Tests.Workflows;

/// <summary>A workflow as data: mappings, lists and texts, whatever YAML takes them for.</summary>
static class WorkflowFile
{
    public static JsonObject Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (JsonObject)Of(stream.Documents[0].RootNode)!;
    }

    static JsonNode? Of(YamlNode node) => node switch
    {
        YamlMappingNode map =>
            new JsonObject(map.Children.Select(x => KeyValuePair.Create(x.Key.ToString(), Of(x.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Of)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "" or "~" or "null" } => null,
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };

    /// <summary>The text under a key; null where there is none.</summary>
    public static string? Text(this JsonObject map, string key) =>
        map[key] is JsonValue value ? value.GetValue<string>() : null;

    /// <summary>The mapping under a key; an empty one where there is none.</summary>
    public static JsonObject Map(this JsonObject map, string key) => map[key] as JsonObject ?? [];

    /// <summary>The list under a key; a text alone is a list of one.</summary>
    public static IReadOnlyList<string> List(this JsonObject map, string key) => map[key] switch
    {
        JsonArray list => [.. list.Select(x => x!.GetValue<string>())],
        JsonValue value => [value.GetValue<string>()],
        _ => [],
    };

    /// <summary>The jobs of a workflow.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Jobs(this JsonObject workflow) =>
        workflow.Map("jobs").ToDictionary(x => x.Key, x => (JsonObject)x.Value!);

    /// <summary>The steps of a job.</summary>
    public static IReadOnlyList<JsonObject> Steps(this JsonObject job) =>
        job["steps"] is JsonArray list ? [.. list.Cast<JsonObject>()] : [];

    /// <summary>All jobs that come before one, near and far.</summary>
    public static HashSet<string> Ancestors(this IReadOnlyDictionary<string, JsonObject> jobs, string name)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>(jobs.TryGetValue(name, out var job) ? job.List("needs") : []);
        while (open.TryDequeue(out var next))
            if (found.Add(next) && jobs.TryGetValue(next, out var other))
                foreach (var x in other.List("needs")) open.Enqueue(x);
        return found;
    }
}
