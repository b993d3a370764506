namespace OpenStack.Tests.Compat;

public sealed class SkipTests : IDisposable
{
    readonly SampleRoot root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void ASkippedTargetTakesItsOwnDependenciesWithIt() =>
        Assert.Equal(
            ["Compile Skipped // Skipped: because of Test", "Test Skipped // Skipped: via parameter",
                "Push Succeeded // Images: 3, Size: 12", "Announce Succeeded"],
            root.Run("Plain", "push --skip Test").Summary);

    [Fact]
    public void BareSkipLeavesWhatIsInvoked()
    {
        Assert.Equal(
            ["Compile Skipped // Skipped: via parameter", "Test Skipped // Skipped: via parameter",
                "Push Succeeded // Images: 3, Size: 12", "Announce Skipped // Skipped: because of Push"],
            root.Run("Plain", "Push --skip").Summary);

        var nothing = root.Run("Plain", "--skip");
        Assert.Equal(0, nothing.ExitCode);
        Assert.Equal(["Compile Skipped", "Test Skipped", "Push Skipped", "Announce Skipped"],
            nothing.Summary.Select(x => string.Join(' ', x.Split(' ').Take(2))));
    }

    [Fact]
    public void ConditionsAreShownAsTheyAreWritten() =>
        Assert.Equal(
            ["Compile Succeeded", "Test Skipped // OnlyWhen: !Flag || 1 > 2", "Push Succeeded // Images: 3, Size: 12",
                "Announce Succeeded"],
            root.Run("Plain", "--flag").Summary);

    [Fact]
    public void StaticConditionsDecideAboutDependenciesToo()
    {
        Assert.Equal(["Only Skipped // Skipped: because of LeftOut", "LeftOut Skipped // OnlyWhen: Flag"],
            root.Run("Plain", "--target left-out").Summary);
        Assert.Equal(["Only Succeeded", "LeftAlone Skipped // OnlyWhen: Flag"], root.Run("Plain", "LeftAlone").Summary);
    }

    [Fact]
    public void ContinueSkipsWhatHasSucceededInTheSameInvocation()
    {
        root.Run("Failing", "AfterProceeds");

        Assert.Equal(["Proceeds Failed // Kept: yes", "AfterProceeds Skipped"],
            root.Run("Failing", "AfterProceeds --continue").Summary);
        Assert.Contains("Build invocation changed. Restarting ...",
            root.Run("Failing", "SetsExitCode --continue").Log("WRN"));
    }
}
