using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>The tests of the build itself. The last line of its output reads <c>N passed, N failed</c>.</summary>
interface ITest : INukeBuild
{
    Target Test => _ => _
        .Description("Checks the format of the code and runs the tests that need no laboratory")
        .Executes(async () =>
        {
            var run = new TestRun(RootDirectory, TemporaryDirectory / "test-results");
            await run.CompileAsync();
            var format = run.IsFormattedAsync();
            var (counts, problems) = await run.TestAsync("Group!=Lab&Group!=Emulated&Group!=Real");
            if (await format is { } unformatted) problems.Add(unformatted);
            TestRun.CountsOfRun = counts.And(passed: await format is null);
            ReportSummary(x => x.AddPair("Tests", TestRun.CountsOfRun.ToString()));
            Log.Information("Tests that need the laboratory were left out: ./build.sh {Target} --profile lab runs them", nameof(ITestLab.TestLab));
            ProblemException.ThrowIfAny(problems);
        });
}
