using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>A list of tests that do not count, each with its reason.</summary>
sealed class ExcludedTestsReader(string file, List<Problem> problems) : YamlReader(file, problems)
{
    const string Tests = "tests";
    const string Reason = "reason";
    const string Bug = "bug";
    const string Until = "until";
    const string Releases = "releases";

    static readonly YamlFields s_shape = new(
        new(Tests, "Which tests do not count", YamlShape.RegularExpression, IsRequired: true),
        new(Reason, "Why they do not", YamlShape.AnyText, IsRequired: true),
        new(Bug, "Where that is written down", YamlShape.AnyText),
        new(Until, "The day on which somebody has to look at it again", YamlShape.Day, IsRequired: true),
        new(Releases, "The releases that it is about; all where nothing is said",
            YamlShape.List(YamlShape.Text(Names.Release))));

    public static YamlShape Shape { get; } = YamlShape.Sequence(s_shape);

    public IReadOnlyList<ExcludedTests> Read(YamlNode value) =>
        [.. Nodes(value).Select(ReadExclusion).OfType<ExcludedTests>()];

    ExcludedTests? ReadExclusion(YamlNode node)
    {
        var texts = new Dictionary<string, YamlScalar>();
        IReadOnlyList<string> releases = [];
        foreach (var (key, value) in Entries(node, string.Join(", ", s_shape.Keys)))
        {
            if (key.Value == Releases) releases = Items(value, Names.Release);
            else if (!s_shape.Keys.Contains(key.Value)) ReportUnknown(key, s_shape.Keys);
            // A day is a day, whatever YAML takes it for.
            else if (key.Value == Until && value is YamlScalar day) texts[Until] = day;
            else if (TextOf(value) is { } text) texts[key.Value] = text;
        }

        var missing = new[] { Tests, Reason, Until }.Where(x => !texts.ContainsKey(x)).ToList();
        if (missing.Count > 0 && node is YamlMapping)
            Report(node, $"it does not say {string.Join(", ", missing)}",
                "the tests, as a regular expression, the reason, and the day until which that is good enough");
        if (missing.Count > 0) return null;
        var until = DateOf(texts[Until]);
        return !IsPattern(texts[Tests]) || until is null ? null
            : new ExcludedTests(texts[Tests].Value, texts[Reason].Value, until.Value,
                new Problem("", File, node.Line, node.Column))
            {
                Bug = texts.GetValueOrDefault(Bug)?.Value,
                Releases = releases,
            };
    }
}
