using System.Globalization;
using System.Text.Json.Nodes;
using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>
/// What a piece of a YAML file may be. It is said once: readers take the keys and words that they know from it, and
/// what is written for editors and people (<see cref="YamlSchema"/>, <c>docs/fields.md</c>) is made of it. What takes
/// more than the file to know, such as which components a release has, readers alone can say.
/// </summary>
public abstract record YamlShape
{
    /// <summary>As a JSON schema.</summary>
    public abstract JsonObject ToSchema();

    /// <summary>What it is, in a few words for people.</summary>
    public abstract string Words { get; }

    /// <summary>Tells where a piece of a file is something else.</summary>
    /// <param name="report">Gets the piece, what was found, what was expected, and what to do about it.</param>
    internal abstract void Check(YamlNode node, Action<YamlNode, string, string, string?> report);

    /// <summary>What lies below it: path of keys, and the field.</summary>
    public virtual IEnumerable<(string Path, YamlField Field)> Below => [];

    /// <summary>Any text.</summary>
    public static YamlShape AnyText { get; } = new YamlLeaf("text", () => new() { ["type"] = "string" },
        x => x.IsText);

    /// <summary>What YAML takes for text, or for a number or another word, of which the text is meant all the
    /// same.</summary>
    public static YamlShape Scalar { get; } =
        new YamlLeaf("text", () => new()
        {
            ["type"] = new JsonArray("string", "number", "boolean", "null"),
        }, _ => true);

    /// <summary>The same, and not empty.</summary>
    public static YamlShape NotEmpty { get; } = new YamlLeaf("text", () => new()
    {
        ["type"] = new JsonArray("string", "number", "boolean", "null"),
        ["minLength"] = 1,
    }, x => x.Value.Length > 0);

    public static YamlShape Flag { get; } = new YamlLeaf("true or false", () => new() { ["type"] = "boolean" },
        x => x is { IsPlain: true, Value: "true" or "false" });

    public static YamlShape Number { get; } = new YamlLeaf("number", () => new() { ["type"] = "integer" },
        x => x.IsPlain && int.TryParse(x.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));

    /// <summary>A day, in quotes or without.</summary>
    public static YamlShape Day { get; } = new YamlLeaf("day as in 2026-10-02", () => new()
    {
        ["type"] = "string",
        ["pattern"] = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    }, x => DateOnly.TryParseExact(x.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture,
        DateTimeStyles.None, out _));

    public static YamlShape RegularExpression { get; } =
        new YamlLeaf("regular expression", () => new() { ["type"] = "string", ["format"] = "regex" },
            x => x.IsText);

    /// <summary>A text that follows a rule.</summary>
    public static YamlShape Text(NameRule rule) => new YamlLeaf(rule.Kind, () =>
    {
        var schema = new JsonObject { ["type"] = "string", ["title"] = rule.Expected };
        if (rule.Pattern is not null) schema["pattern"] = rule.Pattern;
        return schema;
    }, x => x.IsText && rule.Admits(x.Value));

    public static YamlShape OneOf(IEnumerable<string> words) => new YamlLeaf(string.Join(", ", words),
        () => new() { ["enum"] = new JsonArray([.. words.Select(x => JsonValue.Create(x))]) },
        x => words.Contains(x.Value));

    /// <param name="least">How many it has at least.</param>
    public static YamlShape List(YamlShape item, int least = 0) => new YamlList(item, least, IsUnique: true);

    /// <summary>A list that may have the same twice, such as the words of a command.</summary>
    public static YamlShape Sequence(YamlShape item) => new YamlList(item, 0, IsUnique: false);

    /// <summary>A mapping of names that nobody knows beforehand.</summary>
    /// <param name="key">What the names may be; null where anything is one.</param>
    /// <param name="keyWords">What a name is called in a path: <c>&lt;component&gt;</c>.</param>
    /// <param name="least">How many it has at least.</param>
    public static YamlShape Map(NameRule? key, YamlShape value, string? keyWords = null, int least = 0) =>
        new YamlMap(key, value, $"<{keyWords ?? key?.Kind ?? "name"}>", least);

    /// <summary>A program, and what it is told; at least the program.</summary>
    public static YamlShape Command(YamlShape program, YamlShape argument) => new YamlCommand(program, argument);

    public static YamlShape Either(params YamlShape[] shapes) => new YamlChoice(shapes);

    bool Fits(YamlNode node)
    {
        var admits = true;
        Check(node, (_, _, _, _) => admits = false);
        return admits;
    }

    /// <summary>The entries of a mapping; none, and a problem, where it is something else.</summary>
    private protected static IReadOnlyList<(YamlScalar Key, YamlNode Value)> EntriesOf(YamlNode node, string what,
        Action<YamlNode, string, string, string?> report)
    {
        if (node is YamlMapping mapping) return mapping.Entries;
        report(node, $"there is {node.Kind}", $"a mapping of {what}", null);
        return [];
    }

    sealed record YamlLeaf(string Said, Func<JsonObject> Make, Func<YamlScalar, bool> Admits) : YamlShape
    {
        internal override void Check(YamlNode node, Action<YamlNode, string, string, string?> report)
        {
            if (node is not YamlScalar scalar || !Admits(scalar))
                report(node, $"there is {(node is YamlScalar { IsText: true } x ? $"'{x.Value}'" : node.Kind)}",
                    Said, null);
        }

        public override JsonObject ToSchema() => Make();

        public override string Words => Said;
    }

    sealed record YamlList(YamlShape Item, int Least, bool IsUnique) : YamlShape
    {
        public override string Words => $"list: {Item.Words}";

        public override IEnumerable<(string Path, YamlField Field)> Below =>
            Item.Below.Select(x => ($"[]{x.Path}", x.Field));

        internal override void Check(YamlNode node, Action<YamlNode, string, string, string?> report)
        {
            if (node is not YamlSequence sequence) report(node, $"there is {node.Kind}", "a list", null);
            else foreach (var item in sequence.Items) Item.Check(item, report);
        }

        public override JsonObject ToSchema()
        {
            var schema = new JsonObject { ["type"] = "array", ["items"] = Item.ToSchema() };
            if (IsUnique) schema["uniqueItems"] = true;
            if (Least > 0) schema["minItems"] = Least;
            return schema;
        }
    }

    sealed record YamlCommand(YamlShape Program, YamlShape Argument) : YamlShape
    {
        public override string Words => $"list: {Program.Words}, {Argument.Words} …";

        internal override void Check(YamlNode node, Action<YamlNode, string, string, string?> report)
        {
            if (node is YamlSequence { Items: { Count: > 0 } words })
                for (var i = 0; i < words.Count; i++) (i == 0 ? Program : Argument).Check(words[i], report);
            else report(node, $"there is {node.Kind}", "a list of a program and what it is told", null);
        }

        public override JsonObject ToSchema() => new()
        {
            ["type"] = "array",
            ["items"] = new JsonArray(Program.ToSchema()),
            ["additionalItems"] = Argument.ToSchema(),
            ["minItems"] = 1,
        };
    }

    sealed record YamlMap(NameRule? Key, YamlShape Value, string KeyWords, int Least) : YamlShape
    {
        public override string Words => $"mapping of {KeyWords}: {Value.Words}";

        public override IEnumerable<(string Path, YamlField Field)> Below =>
            Value.Below.Select(x => ($".{KeyWords}{x.Path}", x.Field));

        internal override void Check(YamlNode node, Action<YamlNode, string, string, string?> report)
        {
            foreach (var (key, value) in EntriesOf(node, KeyWords, report))
            {
                if (Key?.Check(key.Value) is { } problem) report(key, problem.Found, Key.Expected, null);
                Value.Check(value, report);
            }
        }

        public override JsonObject ToSchema()
        {
            var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
            if (Key?.Pattern is { } pattern)
                schema["patternProperties"] = new JsonObject { [pattern] = Value.ToSchema() };
            else schema["additionalProperties"] = Value.ToSchema();
            if (Least > 0) schema["minProperties"] = Least;
            return schema;
        }
    }

    sealed record YamlChoice(IReadOnlyList<YamlShape> Shapes) : YamlShape
    {
        public override string Words => string.Join(", or ", Shapes.Select(x => x.Words));

        public override IEnumerable<(string Path, YamlField Field)> Below => Shapes.SelectMany(x => x.Below);

        /// <summary>As the first of them, where it is none of them.</summary>
        internal override void Check(YamlNode node, Action<YamlNode, string, string, string?> report)
        {
            if (!Shapes.Any(x => x.Fits(node))) Shapes[0].Check(node, report);
        }

        public override JsonObject ToSchema() =>
            new() { ["anyOf"] = new JsonArray([.. Shapes.Select(x => x.ToSchema())]) };
    }
}

/// <summary>A key of a mapping, and what it may have.</summary>
/// <param name="Description">What it is, for people, without a final dot.</param>
/// <param name="IsRequired">Whether the mapping has to have it.</param>
public sealed record YamlField(string Name, string Description, YamlShape Shape, bool IsRequired = false);

/// <summary>A mapping of keys that are known.</summary>
public sealed record YamlFields(params IReadOnlyList<YamlField> Fields) : YamlShape
{
    /// <summary>The keys, in the order in which people are told them.</summary>
    public IReadOnlyList<string> Keys { get; } = [.. Fields.Select(x => x.Name)];

    /// <summary>Keys of which there has to be one at least.</summary>
    public IReadOnlyList<string> OneOfThese { get; init; } = [];

    public override string Words => "mapping";

    public override IEnumerable<(string Path, YamlField Field)> Below =>
        Fields.SelectMany(x => x.Shape.Below.Select(y => ($".{x.Name}{y.Path}", y.Field)).Prepend(($".{x.Name}", x)));

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(Fields.Select(x => KeyValuePair.Create(x.Name, (JsonNode?)Described(x)))),
            ["additionalProperties"] = false,
        };
        var required = Fields.Where(x => x.IsRequired).Select(x => x.Name).ToList();
        if (required.Count > 0) schema["required"] = Texts(required);
        if (OneOfThese.Count > 0)
            schema["anyOf"] = new JsonArray([.. OneOfThese.Select(x => new JsonObject { ["required"] = Texts([x]) })]);
        return schema;
    }

    internal override void Check(YamlNode node, Action<YamlNode, string, string, string?> report)
    {
        foreach (var (key, value) in EntriesOf(node, string.Join(", ", Keys), report))
        {
            if (Fields.FirstOrDefault(x => x.Name == key.Value) is { } field) field.Shape.Check(value, report);
            else report(key, $"'{key.Value}' is not known here", string.Join(", ", Keys),
                Suggest.DidYouMean(key.Value, Keys));
        }

        if (node is not YamlMapping) return;
        foreach (var missing in Fields.Where(x => x.IsRequired && node.Find(x.Name) is null))
            report(node, $"there is no '{missing.Name}'", string.Join(", ", Keys), null);
        if (OneOfThese.Count > 0 && OneOfThese.All(x => node.Find(x) is null))
            report(node, $"there is no '{string.Join("' and no '", OneOfThese)}'", "one of them", null);
    }

    static JsonObject Described(YamlField field)
    {
        var schema = field.Shape.ToSchema();
        schema["description"] = field.Description;
        return schema;
    }

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(x => JsonValue.Create(x))];
}
