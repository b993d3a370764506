using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using Serilog;

namespace OpenStack.Pipeline.Development;

/// <summary>One run of the project's tests through <c>dotnet</c>.</summary>
/// <param name="root">The repository.</param>
/// <param name="results">Where the results are left.</param>
sealed class TestRun(AbsolutePath root, AbsolutePath results)
{
    AbsolutePath Project => root / "tests" / "Tests.csproj";

    AbsolutePath Solution => root / "openstack-images.slnx";

    /// <summary>Compiles build and tests; analyzers are part of it, and warnings are errors.</summary>
    public Task CompileAsync() => DotNet("build", Project, "-nologo", "-v", "quiet", "-clp:NoSummary").RequireAsync();

    /// <summary>What is not formatted, or null.</summary>
    public async Task<Problem?> IsFormattedAsync() =>
        await DotNet("format", Solution, "--verify-no-changes", "--no-restore")
            .RunAsync() is { Succeeded: false } failed
            ? new Problem($"The code is not formatted: {failed.Tail()}",
                Remedy: "Run dotnet format openstack-images.slnx")
            : null;

    /// <summary>Runs the tests that a filter of <c>dotnet test</c> selects.</summary>
    /// <param name="environment">Variables for the tests.</param>
    public async Task<(TestCounts Counts, List<Problem> Problems)> TestAsync(string filter,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        Directory.CreateDirectory(results);
        var trx = results / "tests.trx";
        File.Delete(trx);
        var test = DotNet("test", Project, "--no-build", "-nologo", "--filter", filter, "--logger",
            $"trx;LogFileName={trx.Name}", "--results-directory", results);
        var variables = test.Environment.Concat(environment ?? new Dictionary<string, string?>()).ToDictionary();
        var run = await (test with { Environment = variables, OnLine = x => Log.Debug("{Line}", x) }).RunAsync();
        var counts = File.Exists(trx)
            ? TestCounts.Read(trx)
            : throw new ProblemException($"The tests did not run: {run.Tail()}");
        foreach (var (slow, duration) in counts.Slowest.Where(x => x.Duration >= s_slow))
            Log.Information("{Minutes:m\\:ss} {Test}", duration, slow);
        return (counts, Judge(counts, filter, run.Succeeded));
    }

    /// <summary>What is wrong with a run. One of no tests ends with success, and has shown nothing
    /// (learn.microsoft.com, "dotnet test", exit codes of VSTest).</summary>
    internal static List<Problem> Judge(TestCounts counts, string filter, bool succeeded) =>
        counts.Passed + counts.Failed == 0 ? [new Problem($"No test ran: the filter '{filter}' selects none, or all "
            + "that it selects were skipped",
            Remedy: "See which there are: dotnet test tests/Tests.csproj --list-tests")]
        : succeeded && counts.Failed == 0 ? []
            : [new Problem($"Tests failed: {counts}"), .. counts.Failures.Select(x => Failed(x.Test, x.Message))];

    /// <summary>
    /// A log is often kept by its end alone: what failed stands there, and not above all that ran after it.
    /// </summary>
    static Problem Failed(string test, string message) =>
        new($"{test}: {(message.Length > LongestMessage ? $"{message[..LongestMessage]} …" : message)}");

    /// <summary>In characters: enough for what was found and expected, and not the whole output of a build.</summary>
    const int LongestMessage = 1500;

    /// <summary>What is worth knowing of a test that somebody waits for.</summary>
    static readonly TimeSpan s_slow = TimeSpan.FromSeconds(30);

    static Command DotNet(params IReadOnlyList<string> arguments) =>
        new(Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet", arguments)
        {
            // The tests start builds of their own.
            Environment = new Dictionary<string, string?> { ["NUKE_ROOT"] = null },
            Remedy = "Install the .NET SDK that global.json names",
        };
}
