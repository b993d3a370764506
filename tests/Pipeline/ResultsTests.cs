using Nuke.Common.Execution;
using OpenStack.Pipeline;
using OpenStack.Tests.EndToEnd;

namespace OpenStack.Tests.Pipeline;

public sealed class ResultsTests
{
    [Fact]
    public Task TargetsAreListedWithWhatTheySayOfThemselves() => Verify(Results.TableOf(
    [
        ("ResolveRefs", ExecutionStatus.Succeeded, TimeSpan.FromMilliseconds(420), ""),
        ("BuildBase", ExecutionStatus.Skipped, TimeSpan.Zero, "Skipped: via parameter"),
        ("BuildService", ExecutionStatus.Failed, TimeSpan.FromSeconds(3725), "ProblemException: a | b"),
        ("Push", ExecutionStatus.NotRun, TimeSpan.Zero, ""),
    ]).Markdown);

    /// <summary>The page of a job has what the log has, and a run outside of one writes none.</summary>
    [Fact]
    public async Task ARunWritesItsTablesToThePageOfTheJob()
    {
        using var repository = new RepositoryCopy();
        var file = repository.Root / "summary.md";
        var run = (await repository.RunAsync("ConstraintDiff --release 2025.1 --no-logo",
            ("GITHUB_STEP_SUMMARY", file))).ShouldSucceed();
        var page = await File.ReadAllTextAsync(file);
        Assert.StartsWith("### Constraints of 2025.1\n\n| change | name |", page, StringComparison.Ordinal);
        Assert.Matches(
            @"\n\n### Targets\n\n\| target \| status \| duration \|  \|\n\| --- \| --- \| --- \| --- \|\n\| ConstraintDiff \| Succeeded \| [0-9.]+ s \| Changed: 2025.1: [0-9]+ \|\n\| Total \|",
            page);
        Assert.Contains("Constraints of 2025.1", run.Output, StringComparison.Ordinal);

        // What cannot be written is no reason to fail.
        Assert.Contains("The summary of the job cannot be written",
            (await repository.RunAsync("ConstraintDiff --release 2025.1 --no-logo",
                ("GITHUB_STEP_SUMMARY", repository.Root))).ShouldSucceed().Output,
            StringComparison.Ordinal);
    }
}
