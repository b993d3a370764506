using System.Text.RegularExpressions;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>images/&lt;image&gt;/tests.yaml</c>: how upstream's own tests of a service run.</summary>
[DescribedFile("How upstream's own tests of a service run (TestSource): runner, what they want, and which do not "
    + "count, with reason and the day to look at it again", Place = "images/<image>/" + Name)]
public sealed class TestSettingsFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "tests.yaml";

    const string Runner = "runner";
    const string Paths = "paths";
    const string Requirements = "requirements";
    const string LeaveOut = "leave-out";
    const string Extras = "extras";
    const string Packages = "packages";
    const string Variables = "environment";
    const string Exclude = "exclude";
    const string Tests = "tests";
    const string Reason = "reason";
    const string Bug = "bug";
    const string Until = "until";
    const string Releases = "releases";

    static readonly string[] s_keys = [Runner, Paths, Requirements, LeaveOut, Extras, Packages, Variables, Exclude];

    static readonly string[] s_exclusionKeys = [Tests, Reason, Bug, Until, Releases];

    static readonly Dictionary<string, TestRunner> s_runners = new()
    {
        ["stestr"] = TestRunner.Stestr,
        ["pytest"] = TestRunner.Pytest,
    };

    public TestSettings Parse(string text)
    {
        var data = new TestSettings();
        foreach (var (key, value) in Entries(ReadRoot(text), string.Join(", ", s_keys)))
        {
            data = key.Value switch
            {
                Runner => data with { Runner = OneOf(value, s_runners, "runs no tests here") },
                Paths => data with { Paths = Items(value, Names.PathInTree) },
                Requirements => data with { Requirements = Items(value, Names.PathInTree) },
                LeaveOut => data with { LeftOut = Items(value, Names.PythonDistribution) },
                Extras => data with { Extras = Items(value, Names.PythonDistribution) },
                Packages => data with { Packages = Items(value, Names.PythonDistribution) },
                Variables => data with { Environment = ReadVariables(value) },
                Exclude => data with { Excluded = ReadExcluded(value) },
                _ => Unknown(data, key),
            };
        }

        return data;
    }

    TestSettings Unknown(TestSettings data, YamlScalar key)
    {
        ReportUnknown(key, s_keys);
        return data;
    }

    Dictionary<string, string> ReadVariables(YamlNode value)
    {
        var variables = new Dictionary<string, string>();
        foreach (var (name, item) in Entries(value, "variables to values"))
            if (Check(Names.Variable, name.Value, name) && item is YamlScalar { Value: { } text })
                variables[name.Value] = text;
            else if (item is not YamlScalar) Report(item, $"there is {item.Kind}", "text");
        return variables;
    }

    List<ExcludedTests> ReadExcluded(YamlNode value)
    {
        if (value is YamlSequence sequence)
            return [.. sequence.Items.Select(ReadExclusion).OfType<ExcludedTests>()];
        Report(value, $"there is {value.Kind}", "a list");
        return [];
    }

    ExcludedTests? ReadExclusion(YamlNode node)
    {
        var texts = new Dictionary<string, YamlScalar>();
        IReadOnlyList<string> releases = [];
        foreach (var (key, value) in Entries(node, string.Join(", ", s_exclusionKeys)))
        {
            if (key.Value == Releases) releases = Items(value, Names.Release);
            else if (!s_exclusionKeys.Contains(key.Value)) ReportUnknown(key, s_exclusionKeys);
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

    bool IsPattern(YamlScalar at)
    {
        try
        {
            _ = new Regex(at.Value);
            return true;
        }
        catch (ArgumentException e)
        {
            Report(at, $"'{at.Value}' is no regular expression: {e.Message}");
            return false;
        }
    }
}
