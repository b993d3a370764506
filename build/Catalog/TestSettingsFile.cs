using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>images/&lt;image&gt;/tests.yaml</c>: how upstream's own tests of a service run.</summary>
[DescribedFile("How upstream's own tests of a service run (TestSource): runner, what they want, and which do not "
    + "count, with reason and the day to look at it again", Place = Place)]
public sealed class TestSettingsFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "tests.yaml";

    public const string Place = "images/<image>/" + Name;

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

    /// <summary>What is said of distributions of Python, and of what runs their tests.</summary>
    static readonly string[] s_ofPython = [WritesToTree, Requirements, LeaveOut, Extras, Packages, Needs];

    /// <summary>The words for what runs tests.</summary>
    public static IReadOnlyDictionary<string, TestRunner> Runners { get; } = new Dictionary<string, TestRunner>
    {
        ["stestr"] = TestRunner.Stestr,
        ["pytest"] = TestRunner.Pytest,
        ["autotest"] = TestRunner.Autotest,
    };

    public static YamlFields Shape { get; } = new(
        new(Runner, "What runs the tests", YamlShape.OneOf(Runners.Keys)),
        new(Paths, "Files and directories of the tree that have the tests",
            YamlShape.List(YamlShape.Text(Names.PathInTree))),
        new(WritesToTree, "Whether tests write to the tree: they see a copy then", YamlShape.Flag),
        new(Requirements, "Files of the tree that say what tests want",
            YamlShape.List(YamlShape.Text(Names.PathInTree))),
        new(LeaveOut, "What of that is not needed, such as linters",
            YamlShape.List(YamlShape.Text(Names.PythonDistribution))),
        new(Extras, "Extras of the distribution that tests want",
            YamlShape.List(YamlShape.Text(Names.PythonDistribution))),
        new(Packages, "Distributions that tests want and no file names",
            YamlShape.List(YamlShape.Text(Names.PythonDistribution))),
        new(Needs, "Servers of images/set-backend/set.yaml that tests look for",
            YamlShape.List(YamlShape.Text(Names.Component))),
        new(Variables, "Environment variables", YamlShape.Map(Names.Variable, YamlShape.Scalar)),
        new(Exclude, "Tests that do not count", ExcludedTestsReader.Shape));

    public TestSettings Parse(string text)
    {
        var data = new TestSettings();
        var entries = Entries(ReadRoot(text), string.Join(", ", Shape.Keys));
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
                _ => Unknown(data, key, Shape.Keys),
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
