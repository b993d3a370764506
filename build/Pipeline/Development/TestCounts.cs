using System.Xml.Linq;
using Nuke.Common.IO;

namespace OpenStack.Pipeline.Development;

/// <summary>How many tests passed and failed.</summary>
sealed record TestCounts(int Passed, int Failed)
{
    /// <summary>Tests that say that they cannot run here.</summary>
    public int Skipped { get; init; }

    /// <summary>
    /// Reads the counters of a Visual Studio test results file (<c>TestRun/ResultSummary/Counters</c>).
    /// </summary>
    public static TestCounts Read(AbsolutePath trx)
    {
        var counters = XDocument.Load(trx).Descendants().Single(x => x.Name.LocalName == "Counters");
        int Count(string name) => int.Parse(counters.Attribute(name)!.Value);
        // Skipped tests are in no counter but that of all.
        var skipped = Count("total") - Count("executed");
        return new TestCounts(Count("passed"), Count("executed") - Count("passed")) { Skipped = skipped };
    }

    /// <summary>With one more check.</summary>
    public TestCounts And(bool passed) =>
        passed ? this with { Passed = Passed + 1 } : this with { Failed = Failed + 1 };

    public override string ToString() =>
        $"{Passed} passed, {Failed} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");
}
