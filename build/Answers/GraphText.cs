using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenStack.Answers;

/// <summary>How a graph is written.</summary>
public enum GraphFormat
{
    /// <summary>A tree for a terminal.</summary>
    Text,

    /// <summary>Mermaid, which GitHub draws.</summary>
    Mermaid,

    /// <summary>The language of Graphviz.</summary>
    Dot,
}

/// <summary>A graph in each of the ways that people and programs read.</summary>
public static class GraphText
{
    public static string Of(ImageGraph graph, GraphFormat format) => format switch
    {
        GraphFormat.Mermaid => MermaidOf(graph),
        GraphFormat.Dot => DotOf(graph),
        _ => TreeOf(graph),
    };

    /// <summary>All nodes in a list, each with the ids of what it is made of.</summary>
    public static string JsonOf(ImageGraph graph) =>
        JsonSerializer.Serialize(graph.Nodes, GraphJson.Default.IReadOnlyListGraphNode) + "\n";

    /// <summary>A tree of each image. What was told before is told again without what it is made of.</summary>
    static string TreeOf(ImageGraph graph)
    {
        var byId = graph.Nodes.ToDictionary(x => x.Id);
        var (text, told) = (new StringBuilder(), new HashSet<string>(StringComparer.Ordinal));

        void Write(GraphNode node, string head, string indent)
        {
            var isNew = told.Add(node.Id);
            var again = isNew || node.MadeOf.Count == 0 ? "" : ", see above";
            text.Append($"{head}{node.Label}  ({Word(node.Kind)}{again})\n");
            if (!isNew) return;
            foreach (var (id, i) in node.MadeOf.Select((x, i) => (x, i)))
            {
                var isLast = i == node.MadeOf.Count - 1;
                Write(byId[id], indent + (isLast ? "└─ " : "├─ "), indent + (isLast ? "   " : "│  "));
            }
        }

        foreach (var image in graph.Images) Write(image, "", "");
        return text.ToString();
    }

    static string MermaidOf(ImageGraph graph)
    {
        var names = graph.Nodes.Select((x, i) => (x.Id, i)).ToDictionary(x => x.Id, x => $"n{x.i}");
        var text = new StringBuilder("flowchart LR\n");
        foreach (var node in graph.Nodes)
            text.Append($"  {names[node.Id]}[\"{EscapeMermaid(node.Label)}\"]:::{Class(node.Kind)}\n");
        foreach (var (node, part) in graph.Nodes.SelectMany(x => x.MadeOf, (x, y) => (x, y)))
            text.Append($"  {names[part]} --> {names[node.Id]}\n");
        text.Append("  classDef image stroke-width:3px\n");
        return text.ToString();
    }

    static string DotOf(ImageGraph graph)
    {
        var text = new StringBuilder("digraph images {\n  rankdir=LR\n  node [shape=box]\n");
        foreach (var node in graph.Nodes)
            text.Append($"  {Quote(node.Id)} [label={Quote(node.Label)}, class={Quote(Class(node.Kind))}"
                + $"{(node.Kind == GraphKind.Image ? ", penwidth=3" : "")}]\n");
        foreach (var (node, part) in graph.Nodes.SelectMany(x => x.MadeOf, (x, y) => (x, y)))
            text.Append($"  {Quote(part)} -> {Quote(node.Id)}\n");
        return text.Append("}\n").ToString();
    }

    /// <summary>Mermaid takes character references without their ampersand.</summary>
    static string EscapeMermaid(string label) => label.Replace("#", "#35;", StringComparison.Ordinal)
        .Replace("\"", "#quot;", StringComparison.Ordinal);

    /// <summary>A quoted string of DOT, in which the backslash begins an escape of labels.</summary>
    static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    static string Class(GraphKind kind) => Word(kind).Replace(' ', '-');

    static string Word(GraphKind kind) => kind switch
    {
        GraphKind.ExternalImage => "external image",
        GraphKind.BaseImage => "base image",
        _ => kind.ToString().ToLowerInvariant(),
    };
}

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(IReadOnlyList<GraphNode>))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
sealed partial class GraphJson : JsonSerializerContext;
