using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline;

/// <summary>Those tests of the build that need an engine. The last line of its output reads <c>N passed, N failed</c>.</summary>
interface ITestLab : ILab
{
    Target TestLab => _ => _
        .Description("Runs the tests that need the laboratory; with --profile lab")
        .Executes(async () =>
        {
            if (!Lab) throw new ProblemException("These tests wait for the laboratory", "Run them with --profile lab");
            var run = new TestRun(RootDirectory, TemporaryDirectory / "test-results");
            await run.CompileAsync();
            (TestRun.CountsOfRun, var problems) = await run.TestAsync("Group=Lab");
            ReportSummary(x => x.AddPair("Tests", TestRun.CountsOfRun.ToString()));
            ProblemException.ThrowIfAny(problems);
        });
}
