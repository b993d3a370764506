using Nuke.Common;
using Serilog;

namespace OpenStack.Pipeline.Development;

/// <summary>Tests that need no more than the .NET SDK and git.</summary>
interface ITest : IHazTestRun
{
    Target Test => _ => _
        .Description("Checks the format of the code and runs the tests that need no laboratory")
        .Executes(async () =>
        {
            await Tests.CompileAsync();
            var format = Tests.IsFormattedAsync();
            var (counts, problems) = await Tests.TestAsync("Group!=Lab&Group!=Long&Group!=Emulated&Group!=Real");
            if (await format is { } unformatted) problems.Add(unformatted);
            Log.Information("Tests that need the laboratory were left out: ./build.sh {Target} --profile lab runs them",
                nameof(ITestLab.TestLab));
            Tell(counts.And(passed: await format is null), problems);
        });
}
