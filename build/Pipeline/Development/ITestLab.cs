using Nuke.Common;
using OpenStack.Pipeline.Laboratory;

namespace OpenStack.Pipeline.Development;

/// <summary>Tests that need an engine.</summary>
interface ITestLab : ILab, IHazTestRun
{
    Target TestLab => _ => _
        .Description("Runs the tests that need the laboratory; with --profile lab")
        .DependsOn<ILab>(x => x.LabUp)
        .Executes(async () =>
        {
            RequireLab();
            await Tests.CompileAsync();
            var (counts, problems) = await Tests.TestAsync("Group=Lab");
            Tell(counts, problems);
        });
}
