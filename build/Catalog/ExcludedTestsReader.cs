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

    static readonly string[] s_keys = [Tests, Reason, Bug, Until, Releases];

    public IReadOnlyList<ExcludedTests> Read(YamlNode value) =>
        [.. Nodes(value).Select(ReadExclusion).OfType<ExcludedTests>()];

    ExcludedTests? ReadExclusion(YamlNode node)
    {
        var texts = new Dictionary<string, YamlScalar>();
        IReadOnlyList<string> releases = [];
        foreach (var (key, value) in Entries(node, string.Join(", ", s_keys)))
        {
            if (key.Value == Releases) releases = Items(value, Names.Release);
            else if (!s_keys.Contains(key.Value)) ReportUnknown(key, s_keys);
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
