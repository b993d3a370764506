using System.Globalization;
using System.Xml.Linq;

namespace OpenStack.UpstreamTests;

/// <summary>
/// Results in the form that CI systems show (the JUnit XML of Ant's task, as Jenkins' and GitLab's schemas have it).
/// </summary>
public static class JUnit
{
    public static string Of(TestRunResult result)
    {
        var tests = result.Tests.DistinctBy(x => x.Test).ToList();
        var flaky = result.Flaky.Select(x => x.Test).ToHashSet(StringComparer.Ordinal);
        var suite = new XElement("testsuite", new XAttribute("name", result.Name),
            new XAttribute("tests", tests.Count),
            new XAttribute("failures", result.Failed.Count),
            new XAttribute("errors", 0),
            new XAttribute("skipped", tests.Count(x => x.IsSkipped)),
            new XAttribute("time", Seconds(tests.Sum(x => x.Seconds))),
            tests.Select(x => CaseOf(x, flaky.Contains(x.Test))));
        return new XDeclaration("1.0", "utf-8", null) + "\n" + new XElement("testsuites", suite) + "\n";
    }

    static XElement CaseOf(TestOutcome outcome, bool isFlaky)
    {
        var (of, name) = TestRunResult.Named(outcome.Test);
        return new XElement("testcase",
            new XAttribute("classname", Clean(of)),
            new XAttribute("name", Clean(name)),
            new XAttribute("time", Seconds(outcome.Seconds)),
            outcome.IsSkipped ? new XElement("skipped", new XAttribute("message", Clean(outcome.Text)))
                : isFlaky ? new XElement("flakyFailure", Clean(outcome.Text))
                : outcome.IsFailed
                    ? new XElement("failure", new XAttribute("type", outcome.Status), Clean(outcome.Text))
                : null);
    }

    static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>What XML 1.0 has no character for.</summary>
    static string Clean(string text) =>
        string.Concat(text.Select(x => x is '\t' or '\n' or >= ' ' and not ('\ufffe' or '\uffff')
            && !char.IsSurrogate(x) ? x : '\ufffd'));
}
