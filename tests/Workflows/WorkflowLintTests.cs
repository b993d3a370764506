namespace OpenStack.Tests.Workflows;

/// <summary>The workflows of this repository, and that the checks find what they are there for.</summary>
public sealed class WorkflowLintTests
{
    public static TheoryData<string> Workflows => [.. Directory.EnumerateFiles(RepositoryRoot.Path / ".github" / "workflows").Select(x => Path.GetFileName(x))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void NothingIsWrongWith(string file) => Assert.Empty(WorkflowLint.Check(File.ReadAllText(RepositoryRoot.Path / ".github" / "workflows" / file)));

    [Theory]
    [InlineData("@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "@v6", "which can become something else")]
    [InlineData(" # v6.0.2", "", "without saying which version that is")]
    [InlineData("timeout-minutes: 30", "timeout-minutes: 0", "has no timeout")]
    [InlineData("run: ./build.cmd Test", "run: make", "which is no target of the build")]
    [InlineData("run: ./build.cmd Test", "run: ./build.cmd Test && echo", "which is no target of the build")]
    [InlineData("run: ./build.cmd Test", "run: ./build.cmd Test\n        env:\n          X: ${{ github.event.pull_request.title }}", "in which anybody may write anything")]
    [InlineData("run: ./build.cmd Test", "run: ./build.cmd Test\n        if: ${{ steps.plan.outputs.x == ' }}", "is not balanced")]
    [InlineData("run: ./build.cmd Test", "run: ./build.cmd Test\n        if: ${{ steps.plan.outputs.x }}", "no step has that id")]
    [InlineData("    runs-on", "    needs: [plan]\n    runs-on", "needs plan, which is not there")]
    [InlineData("    runs-on", "    needs: [test]\n    runs-on", "test waits for itself")]
    [InlineData("    runs-on: ubuntu-24.04", "    runs-on: ${{ matrix.runner }}", "has no matrix")]
    [InlineData("on:\n  push:\n  pull_request:", "on:\n  push:\n    paths:\n      - '!**.md'", "has only exclusions")]
    [InlineData("on:\n  push:\n  pull_request:", "on:\n  schedule:\n    - cron: daily", "is no cron schedule")]
    [InlineData("on:\n  push:\n  pull_request:", "on: [push, pull_request_target]", "triggered by pull_request_target")]
    [InlineData("permissions:\n  contents: read", "permissions:\n  contents: write", "may write in every job")]
    public void AMistakeIsFound(string good, string bad, string problem)
    {
        var text = File.ReadAllText(RepositoryRoot.Path / ".github" / "workflows" / "test.yml");
        Assert.Contains(good, text, StringComparison.Ordinal);
        Assert.Contains(WorkflowLint.Check(text.Replace(good, bad, StringComparison.Ordinal)), x => x.Contains(problem, StringComparison.Ordinal));
    }
}
