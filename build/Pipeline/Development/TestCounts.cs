using System.Globalization;
using System.Xml.Linq;
using Nuke.Common.IO;

namespace OpenStack.Pipeline.Development;

/// <summary>How many tests passed and failed.</summary>
sealed record TestCounts(int Passed, int Failed)
{
    /// <summary>Tests that say that they cannot run here.</summary>
    public int Skipped { get; init; }

    /// <summary>The tests that failed, each with what it says.</summary>
    public IReadOnlyList<(string Test, string Message)> Failures { get; init; } = [];

    /// <summary>The tests that took longest, those first.</summary>
    public IReadOnlyList<(string Test, TimeSpan Duration)> Slowest { get; init; } = [];

    const int MostSlow = 10;

    /// <summary>
    /// Reads a Visual Studio test results file: the counters (<c>TestRun/ResultSummary/Counters</c>), of each
    /// result how long it took, and of one that is <c>Failed</c> its message
    /// (<c>UnitTestResult/Output/ErrorInfo/Message</c>).
    /// </summary>
    public static TestCounts Read(AbsolutePath trx)
    {
        var document = XDocument.Load(trx);
        var counters = document.Descendants().Single(x => x.Name.LocalName == "Counters");
        int Count(string name) => int.Parse(counters.Attribute(name)!.Value);
        var results = document.Descendants().Where(x => x.Name.LocalName == "UnitTestResult").ToList();
        return new TestCounts(Count("passed"), Count("executed") - Count("passed"))
        {
            // Skipped tests are in no counter but that of all.
            Skipped = Count("total") - Count("executed"),
            Failures = [.. results.Where(x => x.Attribute("outcome")?.Value == "Failed").Select(x => (NameOf(x),
                x.Descendants().FirstOrDefault(y => y.Name.LocalName == "Message")?.Value.Trim() ?? ""))],
            Slowest = [.. results.Where(x => x.Attribute("duration") is not null)
                .Select(x => (NameOf(x), TimeSpan.Parse(x.Attribute("duration")!.Value, CultureInfo.InvariantCulture)))
                .OrderByDescending(x => x.Item2).Take(MostSlow)],
        };

        static string NameOf(XElement result) => result.Attribute("testName")!.Value;
    }

    /// <summary>With one more check.</summary>
    public TestCounts And(bool passed) =>
        passed ? this with { Passed = Passed + 1 } : this with { Failed = Failed + 1 };

    public override string ToString() =>
        $"{Passed} passed, {Failed} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");
}
