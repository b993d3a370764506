using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>The tests of the build itself. Its last line of output reads <c>N passed, N failed</c>.</summary>
interface ITest : ILab
{
    Target Test => _ => _
        .Description("Checks the format of the code and runs the tests; with --profile lab also those that need the laboratory")
        .After<ILab>(x => x.LabUp)
        .Executes(async () =>
        {
            var results = TemporaryDirectory / "test-results";
            Directory.CreateDirectory(results);
            await DotNet("build", RootDirectory / "tests" / "Tests.csproj", "-nologo", "-v", "quiet", "-clp:NoSummary").RequireAsync();
            var format = DotNet("format", RootDirectory / "openstack-images.slnx", "--verify-no-changes", "--no-restore").RunAsync();
            var tests = await (DotNet("test", RootDirectory / "tests" / "Tests.csproj", "--no-build", "-nologo",
                "--logger", "trx;LogFileName=tests.trx", "--results-directory", results,
                "--filter", Lab ? "FullyQualifiedName~." : "Group!=Lab") with
            { OnLine = x => Log.Debug("{Line}", x) }).RunAsync();

            TestCounts.OfRun = TestCounts.Read(results / "tests.trx").And(passed: (await format).Succeeded);
            if (!Lab) Log.Information("Tests that need the laboratory were left out: ./build.sh Test --profile lab runs them too");
            ReportSummary(x => x.AddPair("Tests", TestCounts.OfRun.ToString()));
            var problems = new List<Problem>();
            if (!(await format).Succeeded) problems.Add(new Problem($"The code is not formatted: {(await format).Tail()}", Remedy: "Run dotnet format openstack-images.slnx"));
            if (!tests.Succeeded) problems.Add(new Problem("Tests failed", Remedy: "They are named above"));
            ProblemException.ThrowIfAny(problems);
        });

    static Command DotNet(params IReadOnlyList<string> arguments) => new(Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet", arguments)
    {
        Remedy = "Install the .NET SDK that global.json names",
    };
}
