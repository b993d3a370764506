namespace OpenStack.Tests.Workflows;

/// <summary>The workflows of this repository, and that the checks find what they are there for.</summary>
public sealed class WorkflowLintTests
{
    public static TheoryData<string> Workflows =>
        [.. Directory.EnumerateFiles(RepositoryRoot.Path / ".github" / "workflows").Select(x => Path.GetFileName(x))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void NothingIsWrongWith(string file) => Assert.Empty(WorkflowLint.Check(Read(file)));

    [Theory]
    [InlineData("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "which can become something else")]
    [InlineData(" # v7.0.1", "", "without saying which version that is")]
    [InlineData("uses: actions/checkout", "uses: someone/checkout", "whose inputs are not known here")]
    [InlineData("fetch-depth: 0", "fetch-dept: 0", "the input fetch-dept")]
    [InlineData("timeout-minutes: 15", "timeout-minutes: 0", "plan has no timeout")]
    [InlineData("run: ./build.cmd Affected", "run: make", "which is no target of the build")]
    [InlineData("run: ./build.cmd Affected", "run: ./build.cmd Affected && echo", "the build does not know &&")]
    [InlineData("run: ./build.cmd Affected", "run: ./build.cmd Afected", "the build does not know Afected")]
    [InlineData("SbomDiff --skip", "SbomDiff --skipp", "the build does not know --skipp")]
    [InlineData("run: ./build.cmd Affected", "run: ./build.cmd ${{ inputs.service }}", "an expression in a command")]
    [InlineData("NUKE_SINCE", "NUKE_SINC", "plan sets NUKE_SINC, which the build does not read")]
    [InlineData("github.event.before", "github.head_ref", "in github.head_ref anybody may write anything")]
    [InlineData("github.event.before", "github.event.head_commit.message",
        "in github.event.head_commit anybody may write anything")]
    [InlineData("github.event_name != 'schedule'", "github.event_name != 'schedule", "does not end")]
    [InlineData("github.event_name != 'schedule'", "github.event_name != (github.ref", "')' should be")]
    [InlineData("github.event_name != 'schedule'", "has(github.ref)", "there is no function has")]
    [InlineData("${{ github.run_id }}", "${{ success() }}", "success() is for conditions")]
    [InlineData("github.run_id", "github.runid", "there is no github.runid")]
    [InlineData("inputs.service", "inputs.servce", "there is no input servce")]
    [InlineData("matrix.service", "matrix.servce", "no matrix gives servce")]
    [InlineData("runs-on: ${{ matrix.runner }}", "runs-on: ${{ steps.plan.outputs.runner }}", "there is no steps here")]
    [InlineData("steps.stale.outputs.bases", "steps.stail.outputs.bases", "no step before has the id stail")]
    [InlineData("id: stale", "id: changed", "two steps with the id changed")]
    [InlineData("steps.stale.outputs.bases", "steps.stale.output.bases", "steps have no output")]
    [InlineData("needs.plan.outputs.bases", "needs.plan.outputs.basis", "plan has no output basis")]
    [InlineData("needs.plan.outputs.bases", "needs.build-1.outputs.bases", "but it does not need that job")]
    [InlineData("needs.publish-bases.result", "needs.publish-bases.reslt", "jobs have no reslt")]
    [InlineData("needs: [plan, bases]", "needs: [plan, bases, other]", "needs other, which is not there")]
    [InlineData("needs: [plan]", "needs: [plan, build-1]", "bases waits for itself")]
    [InlineData("if: ${{ needs.plan.outputs.build-1 != '' }}", "if: ${{ true }}",
        "build-1 runs with a matrix that may be empty")]
    [InlineData("matrix: ${{ fromJSON(needs.plan.outputs.bases) }}", "matrix: { platform: [a] }",
        "a matrix that no job gives")]
    [InlineData("github.event_name != 'pull_request' && !cancelled()", "!cancelled()",
        "publish-bases lets the token of a pull request write")]
    [InlineData("id-token: write", "id_token: write", "id_token: write is no permission")]
    [InlineData("GITHUB_TOKEN: ${{ github.token }}", "GITHUB_TOKEN: ${{ secrets.TOKEN }}",
        "secrets in a workflow that strangers start")]
    [InlineData("  pull_request:\n", "  pull_request_target:\n", "triggered by pull_request_target")]
    [InlineData("cron: '23 3 * * *'", "cron: daily", "is no cron schedule")]
    [InlineData("cron: '23 3 * * *'", "cron: '23 24 * * *'", "is no cron schedule")]
    [InlineData("      - main\n      - 'stable/**'", "      - '!main'", "has only exclusions")]
    [InlineData("default: 'all'", "default: 'none'", "a default that nobody can choose")]
    [InlineData("permissions:\n  contents: read", "permissions:\n  contents: write", "may write in every job")]
    [InlineData("    permissions:\n      contents: read\n    env", "    env",
        "does not say what its token may be used for")]
    public void AMistakeIsFound(string good, string bad, string problem)
    {
        var text = Read("build-images.yml");
        Assert.Contains(good, text, StringComparison.Ordinal);
        Assert.Contains(WorkflowLint.Check(text.Replace(good, bad, StringComparison.Ordinal)),
            x => x.Contains(problem, StringComparison.Ordinal));
    }

    static string Read(string file) => File.ReadAllText(RepositoryRoot.Path / ".github" / "workflows" / file);
}
