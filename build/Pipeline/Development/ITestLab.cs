using Nuke.Common;
using OpenStack.Pipeline.Laboratory;

namespace OpenStack.Pipeline.Development;

/// <summary>Tests that need an engine.</summary>
interface ITestLab : ILab, IHazTestRun
{
    Target TestLab => _ => _
        .Description("Runs the tests that need the laboratory; with --profile lab")
        .DependsOn<ILab>(x => x.LabUp)
        .Executes(() => TestInLabAsync("Lab"));

    Target TestLong => _ => _
        .Description("Runs those of the laboratory that take minutes each, such as what is locked, made packages of, "
            + "and built again by somebody else; with --profile lab")
        .DependsOn<ILab>(x => x.LabUp)
        .Executes(() => TestInLabAsync("Long"));

    async Task TestInLabAsync(string group)
    {
        RequireLab();
        await Tests.CompileAsync();
        var (counts, problems) = await Tests.TestAsync($"Group={group}");
        Tell(counts, problems);
    }
}
