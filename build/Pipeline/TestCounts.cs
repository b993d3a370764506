using System.Xml.Linq;
using Nuke.Common.IO;

namespace OpenStack.Pipeline;

/// <summary>How many tests passed and failed.</summary>
sealed record TestCounts(int Passed, int Failed)
{
    /// <summary>Reads the counters of a Visual Studio test results file (<c>TestRun/ResultSummary/Counters</c>).</summary>
    public static TestCounts Read(AbsolutePath trx)
    {
        var counters = XDocument.Load(trx).Descendants().Single(x => x.Name.LocalName == "Counters");
        int Count(string name) => int.Parse(counters.Attribute(name)!.Value);
        return new TestCounts(Count("passed"), Count("total") - Count("passed") - Count("notExecuted"));
    }

    /// <summary>With one more check.</summary>
    public TestCounts And(bool passed) => passed ? this with { Passed = Passed + 1 } : this with { Failed = Failed + 1 };

    public override string ToString() => $"{Passed} passed, {Failed} failed";
}
