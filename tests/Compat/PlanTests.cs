namespace OpenStack.Tests.Compat;

public sealed class PlanTests : IDisposable
{
    readonly SampleRoot root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void DependenciesComeFirstAndTriggersLast()
    {
        var result = root.Run("Plain");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["Compile Succeeded", "Test Succeeded", "Push Succeeded // Images: 3, Size: 12",
            "Announce Succeeded"], result.Summary);
    }

    [Fact]
    public void OrderAloneAddsNothingAndTargetsWithoutActionsAreNotShown() =>
        Assert.Equal(
            ["Clean Succeeded", "Compile Succeeded", "Test Succeeded", "Push Succeeded // Images: 3, Size: 12",
                "Announce Succeeded"],
            root.Run("Plain", "all").Summary);

    [Fact]
    public void UnrelatedTargetsRunInReverseOrderOfDiscoveryWhateverTheCommandLineSays() =>
        Assert.Equal(["Only Succeeded", "Compile Succeeded"], root.Run("Plain", "Compile Only").Summary);

    [Fact]
    public void AnUnknownTargetNamesTheOthersAndShowsNoSummary()
    {
        var result = root.Run("Plain", "no-pe --no-logo");

        Assert.Equal(255, result.ExitCode & 255);
        Assert.Equal(
            ["Target with name 'nope' does not exist. Available targets are:", "  - All", "  - Announce", "  - Clean",
                "  - Compile"],
            result.Lines.Take(5));
        Assert.Empty(result.Summary);
    }

    [Fact]
    public void ACycleIsAnErrorEvenIfNothingInItIsInvoked()
    {
        var result = root.Run("Cyclic");

        Assert.Equal(255, result.ExitCode & 255);
        Assert.Contains("Circular dependencies between targets:", result.Lines);
        Assert.Contains(" - C3, C2, C1", result.Lines);
        Assert.Empty(result.Summary);
    }

    [Fact]
    public void StrictMeansThatTheOrderMustBeComplete()
    {
        var result = root.Run("Plain", "--strict");

        Assert.Contains("Incomplete target definition order:", result.Lines);
        Assert.Contains("  - All", result.Lines);
    }

    [Fact]
    public void ComponentsContributeTargetsAndParameters()
    {
        var result = root.Run("Components", "--target Own --times 7 --reg-host2 there --host2 elsewhere");

        Assert.Equal(["Compile Succeeded", "Push Succeeded", "Own Succeeded"], result.Summary);
        Assert.Equal(["compile 7", "compile again", "push to there from artifacts",
            $"own {Path.GetFileName(root.Path)}"], result.Log("INF"));
        Assert.Contains("plan Compile Push Own", result.Lines);
        Assert.Contains("running Push", result.Lines);
    }
}
