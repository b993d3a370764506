using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenStack.Tests.Workflows;

/// <summary>What an expression of a workflow comes to.</summary>
/// <param name="contexts">The contexts that there are where it stands, by name.</param>
/// <param name="functions">
/// What depends on how things stand: <c>success</c>, <c>failure</c>, <c>always</c>, <c>cancelled</c>.
/// </param>
sealed partial class ExpressionValue(IReadOnlyDictionary<string, JsonNode?> contexts,
    IReadOnlyDictionary<string, Func<bool>> functions)
{
    /// <summary>
    /// The functions that say how things stand; a condition without any of them has <c>success()</c> in it.
    /// </summary>
    public static readonly string[] StateFunctions = ["success", "failure", "always", "cancelled"];

    /// <summary>The functions that are the same everywhere.</summary>
    public static readonly string[] PlainFunctions = ["contains", "startsWith", "endsWith", "format", "join", "toJSON",
        "fromJSON"];

    /// <summary>
    /// Whether a job or step runs: the braces may be left out, and everything before must have succeeded unless it says
    /// otherwise.
    /// </summary>
    public bool Condition(string? text)
    {
        if (text is null) return functions["success"]();
        var expression = WorkflowExpression.Parse(Braces().Match(text) is { Success: true, Groups: var groups }
            && groups[0].Value == text.Trim()
            ? groups["text"].Value
            : text);
        var says = expression.All.OfType<WorkflowExpression.Call>().Any(x => StateFunctions.Contains(x.Function));
        return (says || functions["success"]()) && IsTrue(Of(expression));
    }

    /// <summary>A text with what its expressions come to in their places.</summary>
    public string Text(string template) =>
        Braces().Replace(template, x => Text(Of(WorkflowExpression.Parse(x.Groups["text"].Value))));

    /// <summary>What a text that is one expression comes to.</summary>
    public JsonNode? Value(string template) =>
        Of(WorkflowExpression.Parse(Braces().Match(template).Groups["text"].Value));

    public JsonNode? Of(WorkflowExpression expression) => expression switch
    {
        WorkflowExpression.Literal x => x.Value,
        WorkflowExpression.Context x => contexts.TryGetValue(x.Name, out var value)
            ? value
            : throw new InvalidOperationException($"there is no context '{x.Name}' here"),
        WorkflowExpression.Member { Key: WorkflowExpression.Literal { Value: { } key } }
            when Text(key) == "*" => throw new NotSupportedException("filters of lists"),
        WorkflowExpression.Member x => Member(Of(x.Of), Of(x.Key)),
        WorkflowExpression.Not x => !IsTrue(Of(x.Of)),
        // Both give one of their operands, not whether it holds.
        WorkflowExpression.Binary { Operator: "&&" } x => Of(x.Left) is var left && IsTrue(left) ? Of(x.Right) : left,
        WorkflowExpression.Binary { Operator: "||" } x => Of(x.Left) is var left && IsTrue(left) ? left : Of(x.Right),
        WorkflowExpression.Binary { Operator: "==" } x => AreEqual(Of(x.Left), Of(x.Right)),
        WorkflowExpression.Binary { Operator: "!=" } x => !AreEqual(Of(x.Left), Of(x.Right)),
        WorkflowExpression.Binary { Operator: "<" or "<=" or ">" or ">=" } x => Compares(x.Operator, Number(Of(x.Left)),
            Number(Of(x.Right))),
        WorkflowExpression.Call x when functions.TryGetValue(x.Function, out var function) => function(),
        WorkflowExpression.Call x => Call(x.Function, [.. x.Arguments.Select(Of)]),
        _ => throw new NotSupportedException($"{expression}"),
    };

    /// <summary>False are <c>false</c>, 0, the empty text and <c>null</c>.</summary>
    public static bool IsTrue(JsonNode? value) => value switch
    {
        null => false,
        JsonValue x when x.TryGetValue<bool>(out var flag) => flag,
        JsonValue x when x.TryGetValue<string>(out var text) => text.Length > 0,
        JsonValue x => x.GetValue<double>() is not (0 or double.NaN),
        _ => true,
    };

    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue x when x.TryGetValue<bool>(out var flag) => flag ? "true" : "false",
        JsonValue x when x.TryGetValue<string>(out var text) => text,
        JsonValue x => x.GetValue<double>().ToString(CultureInfo.InvariantCulture),
        JsonObject => "Object",
        _ => "Array",
    };

    /// <summary>Names are the same in capitals; what is not there is <c>null</c>, however far below.</summary>
    static JsonNode? Member(JsonNode? of, JsonNode? key) => of switch
    {
        JsonObject map =>
            map.FirstOrDefault(x => string.Equals(x.Key, Text(key), StringComparison.OrdinalIgnoreCase)).Value,
        JsonArray list when key is JsonValue number
            && number.TryGetValue<double>(out var i)
            && i >= 0
            && i < list.Count => list[(int)i],
        _ => null,
    };

    /// <summary>Texts are equal whatever their case; what is of different kinds is compared as numbers.</summary>
    static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        if (left is null && right is null) return true;
        if (left is JsonObject or JsonArray || right is JsonObject or JsonArray) return ReferenceEquals(left, right);
        if (left is JsonValue x
            && right is JsonValue y
            && x.TryGetValue<string>(out var one)
            && y.TryGetValue<string>(out var other))
            return string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
        return Number(left) == Number(right);
    }

    static double Number(JsonNode? value) => value switch
    {
        null => 0,
        JsonValue x when x.TryGetValue<bool>(out var flag) => flag ? 1 : 0,
        JsonValue x when x.TryGetValue<string>(out var text) => text.Length == 0
            ? 0 : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
        JsonValue x => x.GetValue<double>(),
        _ => double.NaN,
    };

    static bool Compares(string @operator, double left, double right) => @operator switch
    {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        _ => left >= right,
    };

    static JsonNode? Call(string function, IReadOnlyList<JsonNode?> arguments) => (function, arguments) switch
    {
        ("contains", [JsonArray list, var item]) => list.Any(x => AreEqual(x, item)),
        ("contains", [var text, var part]) => Text(text).Contains(Text(part), StringComparison.OrdinalIgnoreCase),
        ("startsWith", [var text, var part]) => Text(text).StartsWith(Text(part), StringComparison.OrdinalIgnoreCase),
        ("endsWith", [var text, var part]) => Text(text).EndsWith(Text(part), StringComparison.OrdinalIgnoreCase),
        ("format", [var text, ..]) => string.Format(CultureInfo.InvariantCulture, Text(text),
            [.. arguments.Skip(1).Select(Text)]),
        ("join", [JsonArray list]) => string.Join(',', list.Select(Text)),
        ("join", [JsonArray list, var separator]) => string.Join(Text(separator), list.Select(Text)),
        ("toJSON", [var value]) => value?.ToJsonString() ?? "null",
        ("fromJSON", [var text]) => JsonNode.Parse(Text(text)),
        _ => throw new NotSupportedException($"{function} of {arguments.Count}"),
    };

    /// <summary>An expression in its braces; a text in it may hold braces of its own.</summary>
    [GeneratedRegex(@"\$\{\{(?<text>(?:'[^']*'|[^'}]|\}(?!\}))*)\}\}", RegexOptions.Singleline)]
    public static partial Regex Braces();
}
