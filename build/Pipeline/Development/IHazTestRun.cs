using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline.Development;

/// <summary>
/// Runs of the tests of the build itself. The last line of their output reads <c>N passed, N failed</c>.
/// </summary>
interface IHazTestRun : IHazRun
{
    TestRun Tests => new(RootDirectory, TemporaryDirectory / "test-results");

    /// <summary>Tells what came out.</summary>
    /// <exception cref="ProblemException">Something failed.</exception>
    void Tell(TestCounts counts, IReadOnlyList<Problem> problems)
    {
        Run.LastLine = counts.ToString();
        ReportSummary(x => x.AddPair("Tests", Run.LastLine));
        ProblemException.ThrowIfAny(problems);
    }
}
