using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Pipeline.Laboratory;

namespace OpenStack.Pipeline.Development;

/// <summary>
/// Tests that do what a user's machine does: uv itself, wheels and source distributions of an index, repositories as
/// they are upstream. The engine, the registry and cosign are the laboratory's.
/// </summary>
interface ITestReal : ILab, IHazTestRun
{
    [Parameter("Directory of what tests with real packages need: uv/ (uv, or its wheel), wheels/ and git/; without it "
        + "they take it from the index and opendev.org")]
    AbsolutePath? RealPackages => TryGetValue(() => RealPackages);

    Target TestReal => _ => _
        .Description("Builds, checks and publishes Keystone, Placement and Barbican from real packages, or the "
            + "services and releases given; with --profile lab")
        .DependsOn<ILab>(x => x.LabUp)
        .Executes(async () =>
        {
            RequireLab();
            await Tests.CompileAsync();
            var (counts, problems) = await Tests.TestAsync("Group=Real", new Dictionary<string, string?>
            {
                ["REAL_PACKAGES"] = RealPackages,
                ["REAL_SERVICES"] = string.Join(' ', Service is [] or ["all"] ? Service
                    : Catalog.SelectServices(Service)),
                ["REAL_RELEASES"] = string.Join(' ', Release is [] or ["all"] ? Release
                    : Releases.Select(x => x.Name)),
            });
            Tell(counts, problems);
        });
}
