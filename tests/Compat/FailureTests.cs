namespace OpenStack.Tests.Compat;

public sealed class FailureTests : IDisposable
{
    readonly SampleRoot root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void AFailureEndsThePlanButForAssuredTargets()
    {
        var result = root.Run("Failing", "--target Dependent Assured");

        Assert.Equal(255, result.ExitCode & 255);
        Assert.Equal(["Fails Failed // InvalidOperationException: boom line1", "Dependent NotRun", "Assured Succeeded"],
            result.Summary);
        Assert.Equal(["Target Fails has thrown an exception"], result.Log("ERR"));
        Assert.Contains("System.InvalidOperationException: boom line1", result.Lines);
        Assert.Equal(["event initialized", "event failed Fails", "assured"], result.Log("INF"));
        Assert.Equal(["║ Errors & Warnings", "╬═════════════", "", "[ERR] Fails: Target Fails has thrown an exception"],
            result.From("║ Errors & Warnings", 4));
        Assert.Contains(result.Lines,
            x => x.StartsWith("Build failed on ", StringComparison.Ordinal)
                && x.EndsWith(". (╯°□°）╯︵ ┻━┻", StringComparison.Ordinal));
        Assert.Equal("event finished", result.Lines.Last(x => x.Length > 0));
    }

    [Fact]
    public void AProceedingTargetFailsTheBuildButStopsNothing()
    {
        var result = root.Run("Failing", "AfterProceeds");

        Assert.Equal(255, result.ExitCode & 255);
        Assert.Equal(["Proceeds Failed // Kept: yes", "AfterProceeds Succeeded"], result.Summary);
    }

    [Fact]
    public void RequirementsAreCheckedBeforeAnythingRuns()
    {
        var member = root.Run("Failing", "SetsExitCode NeedsMember", ("GITHUB_ACTIONS", "true"));
        Assert.Equal(255, member.ExitCode & 255);
        Assert.Contains(member.Lines,
            x => x.Contains("Target 'NeedsMember' requires member 'MustHave' to be not null or empty",
                StringComparison.Ordinal));
        Assert.Equal(2, member.Lines.Count(x => x.Contains(" NotRun", StringComparison.Ordinal)));

        var condition = root.Run("Failing", "NeedsBool");
        Assert.Equal(255, condition.ExitCode & 255);
        Assert.Contains("Target 'NeedsBool' requires '(value(FailingBuild).Count > 100)'", condition.Lines);
        Assert.Equal(["NeedsBool NotRun"], condition.Summary);
    }

    [Fact]
    public void ARequiredMemberMayComeFromTheCommandLine() =>
        Assert.Equal(["event initialized", "had it"], root.Run("Failing", "NeedsMember --must-have it").Log("INF"));

    [Fact]
    public void AConditionThatThrowsFailsTheBuild()
    {
        var result = root.Run("Failing", "BadCondition");

        Assert.Equal(255, result.ExitCode & 255);
        Assert.Equal(["Invocation of condition for BadCondition has thrown an exception"], result.Log("ERR"));
        Assert.Equal(["BadCondition NotRun"], result.Summary);
    }

    [Fact]
    public void TheBuildMaySetItsExitCode() => Assert.Equal(7, root.Run("Failing", "SetsExitCode").ExitCode);

    [Fact]
    public void WithoutATargetThereIsHelp()
    {
        var result = root.Run("Failing", "--no-logo");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Targets (with their direct dependencies):", result.Lines);
    }
}
