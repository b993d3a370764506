using System.Text.RegularExpressions;

namespace OpenStack.Tests.Compat;

public sealed partial class ConsoleTests : IDisposable
{
    readonly SampleRoot root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void TheConsoleShowsHeadersMessagesAndTheSummary()
    {
        var result = root.Run("Plain");

        Assert.Equal(["", "╬════════════", "║ Compile", "╬═══", ""],
            result.Lines.SkipWhile(x => !x.StartsWith('╬')).Take(4).Prepend(""));
        Assert.Equal(["in Compile"], result.Log("INF"));
        Assert.Equal(["in Test"], result.Log("DBG"));
        Assert.Empty(result.Log("VRB"));
        Assert.Equal(
            [
                "╬══════════════════════",
                "║ Errors & Warnings",
                "╬═════════════",
                "",
                "[WRN] Push: careful now",
                "",
                "═══════════════════════════════════════",
                "Target             Status      Duration",
                "───────────────────────────────────────",
                "Compile            Succeeded     < 1sec",
                "Test               Succeeded     < 1sec",
                "Push               Succeeded     < 1sec   // Images: 3, Size: 12",
                "Announce           Succeeded     < 1sec",
                "───────────────────────────────────────",
                "Total                            < 1sec",
                "═══════════════════════════════════════",
                ""
            ],
            result.From("╬══════════════════════", 17));
        Assert.Matches(Outcome(), result.Lines.Last(x => x.Length > 0));
        Assert.Contains("Total\u00a0\u00a0", result.Output, StringComparison.Ordinal);
        Assert.Contains("< 1sec\u00a0\u00a0\u00a0// Images: 3, Size: 12", result.Output, StringComparison.Ordinal);
        Assert.Contains("\u200b", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void VerbosityLimitsTheConsoleButNotTheLogFile()
    {
        var result = root.Run("Plain", "--verbosity quiet --api-key x");

        Assert.DoesNotContain(result.Lines, x => x.Contains(" in Compile", StringComparison.Ordinal));
        Assert.Contains("║ Compile", result.Lines);
        var log = root.Read(".nuke/temp/build.log").ReplaceLineEndings("\n").Split('\n');
        Assert.Contains(log, x => x.EndsWith(" | I | Compile              | in Compile", StringComparison.Ordinal));
        Assert.Contains(log, x => x.EndsWith(" | V | Announce             | announced 3 x", StringComparison.Ordinal));
        Assert.Contains("announced 3 x", root.Run("Plain", "--verbosity Verbose --api-key x").Log("VRB"));
    }

    [Fact]
    public void TheVerboseAreToldWhatTheEngineDoes() =>
        Assert.Equal(
            [
                "ArgumentsFromParametersFile.OnBuildCreated (150)",
                "HandleReSharperSurrogateArguments.OnBuildCreated (150)",
                "InjectParameterValues.OnBuildCreated (100)",
                "HandleShellCompletion.OnBuildCreated (75)",
                "GenerateBuildServerConfigurations.OnBuildCreated (50)",
                "InvokeBuildServerConfigurationGeneration.OnBuildCreated (45)",
                "UpdateNotification.OnBuildCreated (10)",
                "UnsetVisualStudioEnvironmentVariables.OnBuildCreated (0)",
                "HandleVisualStudioDebugging.OnBuildCreated (0)",
                "EventInvoker.OnBuildCreated (-3.4028235E+38)",
                "HandlePlanRequests.OnBuildInitialized (10)",
                "HandleHelpRequests.OnBuildInitialized (5)",
                "Telemetry.OnBuildInitialized (0)",
                "InjectNonParameterValues.OnBuildInitialized (-100)",
                "EventInvoker.OnBuildInitialized (-3.4028235E+38)",
                "EventInvoker.OnTargetRunning (-3.4028235E+38)",
                "Telemetry.OnTargetSucceeded (0)",
                "EventInvoker.OnTargetSucceeded (-3.4028235E+38)",
                "UpdateNotification.OnBuildFinished (10)",
                "SerializeBuildServerState.OnBuildFinished (0)",
                "EventInvoker.OnBuildFinished (-3.4028235E+38)",
            ],
            root.Run("Plain", "Compile --verbosity verbose").Log("VRB"));

    /// <summary>
    /// The engine empties the log of the last run, and another one that still writes it does not let go of it.
    /// </summary>
    [Fact]
    public void ARunFailsWhereAnotherWritesTheLog()
    {
        root.Write(".nuke/temp/build.log", "");
        var file = Path.Combine(root.Path, ".nuke", "temp", "build.log");
        using (new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            var result = root.Run("Plain", "Compile");
            Assert.Equal(255, result.ExitCode);
            Assert.Contains($"The process cannot access the file '{file}' because it is being used by another process.",
                result.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, root.Run("Plain", "Compile").ExitCode);
    }

    [Fact]
    public void AnXtermGetsColours()
    {
        var result = root.Run("Plain", "Compile", ("TERM", "xterm-256color"));

        Assert.Contains("║ \e[38;5;45;1mCompile\e[0m", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void GitHubGetsGroupsAndAnnotations()
    {
        var result = root.Run("Plain", "", ("GITHUB_ACTIONS", "true"));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("::group::Push", result.Lines);
        Assert.Contains("::warning::careful \"now\"", result.Lines);
        Assert.Contains("::endgroup::Push", result.Lines);
        Assert.False(File.Exists(Path.Combine(root.Path, ".nuke/temp/build.log")));
    }

    [Fact]
    public void HelpShowsTargetsAndParameters()
    {
        var result = root.Run("Plain", "--help --no-logo");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            [
                "Targets (with their direct dependencies):",
                "",
                "  Clean",
                "  Compile",
                "  Test                 -> Compile",
                "  Push (default)       -> Test",
                "    Push it",
                "  All                  -> Clean, Push",
                "  LeftAlone            -> Only",
                "  LeftOut              -> Only",
                "  Only",
                "",
                "Parameters:",
                "",
                "  --api-key            API key that is needed for pushing, with a text so long",
                "                       that the help has to break it into several lines.",
                "  --flag               <no description>",
                "",
                "  --continue           Indicates to continue a previously failed build attempt.",
                "  --help               Shows the help text for this build assembly.",
                "  --host               Host for execution. Default is 'automatic'.",
                "  --no-logo            Disables displaying the NUKE logo.",
                "  --plan               Shows the execution plan (HTML).",
                "  --profile            Defines the profiles to load.",
                "  --root               Root directory during build execution.",
                "  --skip               List of targets to be skipped. Empty list skips all",
                "                       dependencies.",
                "  --target             List of targets to be invoked. Default is 'Push'."
            ],
            result.From("Targets (with their direct dependencies):", 28));
    }

    [GeneratedRegex(@"^Build succeeded on \S+ \S+. ＼（＾ᴗ＾）／$")]
    private static partial Regex Outcome();
}
