using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline;

/// <summary>
/// Those tests of the build that do what a user's machine does: uv itself, wheels and source distributions of an index, repositories as they
/// are upstream. The engine, the registry and cosign are the laboratory's. The last line reads <c>N passed, N failed</c>.
/// </summary>
interface ITestReal : ILab, IHazCatalog
{
    [Parameter("Directory of what tests with real packages need: uv/ (uv, or its wheel), wheels/ and git/; without it they take it from the index and opendev.org")]
    AbsolutePath? RealPackages => TryGetValue(() => RealPackages);

    Target TestReal => _ => _
        .Description("Builds, checks and publishes Keystone, Placement and Barbican from real packages, or the services and releases given; with --profile lab")
        .Executes(async () =>
        {
            if (!Lab) throw new ProblemException("These tests wait for the laboratory", "Run them with --profile lab");
            var run = new TestRun(RootDirectory, TemporaryDirectory / "test-results");
            await run.CompileAsync();
            (TestRun.CountsOfRun, var problems) = await run.TestAsync("Group=Real", new Dictionary<string, string?>
            {
                ["REAL_PACKAGES"] = RealPackages,
                ["REAL_SERVICES"] = string.Join(' ', Service),
                ["REAL_RELEASES"] = string.Join(' ', Release),
            });
            ReportSummary(x => x.AddPair("Tests", TestRun.CountsOfRun.ToString()));
            ProblemException.ThrowIfAny(problems);
        });
}
