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
    const string WritesToTree = "writes-to-tree";
    const string Requirements = "requirements";
    const string LeaveOut = "leave-out";
    const string Extras = "extras";
    const string Packages = "packages";
    const string Needs = "needs";
    const string Variables = "environment";
    const string Exclude = "exclude";

    static readonly string[] s_keys =
        [Runner, Paths, WritesToTree, Requirements, LeaveOut, Extras, Packages, Needs, Variables, Exclude];

    /// <summary>What is said of distributions of Python, and of what runs their tests.</summary>
    static readonly string[] s_ofPython = [WritesToTree, Requirements, LeaveOut, Extras, Packages, Needs];

    /// <summary>The words for what runs tests.</summary>
    public static IReadOnlyDictionary<string, TestRunner> Runners { get; } = new Dictionary<string, TestRunner>
    {
        ["stestr"] = TestRunner.Stestr,
        ["pytest"] = TestRunner.Pytest,
        ["autotest"] = TestRunner.Autotest,
    };

    public TestSettings Parse(string text)
    {
        var data = new TestSettings();
        var entries = Entries(ReadRoot(text), string.Join(", ", s_keys));
        foreach (var (key, value) in entries)
        {
            data = key.Value switch
            {
                Runner => data with { Runner = OneOf(value, Runners, "runs no tests here") },
                Paths => data with { Paths = Items(value, Names.PathInTree) },
                WritesToTree => data with { WritesToTree = IsTrue(value) },
                Requirements => data with { Requirements = Items(value, Names.PathInTree) },
                LeaveOut => data with { LeftOut = Items(value, Names.PythonDistribution) },
                Extras => data with { Extras = Items(value, Names.PythonDistribution) },
                Packages => data with { Packages = Items(value, Names.PythonDistribution) },
                Needs => data with { Needs = Items(value, Names.Component) },
                Variables => data with { Environment = Texts(value, Names.Variable) },
                Exclude => data with { Excluded = new ExcludedTestsReader(File, Problems).Read(value) },
                _ => Unknown(data, key, s_keys),
            };
        }

        if (data.Runner == TestRunner.Autotest)
        {
            foreach (var (key, _) in entries.Where(x => s_ofPython.Contains(x.Key.Value)))
                Report(key, $"'{key.Value}' means nothing to autotest", remedy: "Remove it");
        }

        return data;
    }
}
