using Nuke.Common.IO;

namespace OpenStack.Tests.Workflows;

/// <summary>Small workflows, run here.</summary>
public sealed class WorkflowRunTests : IDisposable
{
    const string Workflow = """
        name: toy
        on:
          push:
            branches: [main, 'stable/**']
          workflow_dispatch:
            inputs:
              what: { type: choice, default: 'all', options: ['all', 'a'] }
        jobs:
          plan:
            runs-on: x
            outputs:
              rows: ${{ steps.rows.outputs.rows }}
            env: { SHARED: job }
            steps:
              - uses: actions/checkout@v0
              - id: rows
                run: |
                  cat committed
                  echo "rows=$ROWS" >>"$GITHUB_OUTPUT"
                  echo "## $SHARED" >>"$GITHUB_STEP_SUMMARY"
                  echo "LATER=later" >>"$GITHUB_ENV"
                env:
                  ROWS: ${{ inputs.what == 'a' && '{"include":[{"name":"a"}]}' || '{"include":[{"name":"a"},{"name":"b"}]}' }}
              - run: test "$LATER" = later && test -z "$NUKE_ELSEWHERE" && test "$GITHUB_REF_NAME" = main
          build:
            name: Build ${{ matrix.name }}
            needs: [plan]
            runs-on: x
            strategy:
              matrix: ${{ fromJSON(needs.plan.outputs.rows) }}
            steps:
              - run: mkdir out; echo '${{ matrix.name }}' >'out/${{ matrix.name }}'
              - uses: actions/upload-artifact@v0
                with: { name: 'built-${{ matrix.name }}', path: out }
          never:
            needs: [plan]
            if: ${{ needs.plan.outputs.other != '' }}
            runs-on: x
            steps:
              - run: exit 1
          publish:
            needs: [build, never]
            if: ${{ !cancelled() && !failure() }}
            runs-on: x
            steps:
              - uses: actions/download-artifact@v0
                with: { pattern: built-*, path: all, merge-multiple: true }
              - run: ls all
          after:
            needs: [publish]
            runs-on: x
            steps:
              - run: exit 1
        """;

    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("workflow-").FullName;

    int _runs;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task JobsRunInTheirOrderAndHandOverOutputsAndFiles()
    {
        var result = await RunAsync(Workflow, WorkflowEvent.Push("a", "b"));
        Assert.Equal(["plan", "build", "build", "never", "publish", "after"], result.Jobs.Select(x => x.Job));
        Assert.Equal(["Build a", "Build b"], result.Of("build").Select(x => x.Title));
        var plan = Assert.Single(result.Of("plan"));
        Assert.Equal("## job\n", plan.Summary);
        Assert.StartsWith("committed text", plan.Steps[1].Output, StringComparison.Ordinal);
        Assert.Equal("a\nb\n", Assert.Single(result.Of("publish")).Steps[1].Output);
        Assert.Equal(Outcome.Success, result.OutcomeOf("publish"));
        // What needs nothing that was skipped is skipped nevertheless, if anything long before it was.
        Assert.Equal(Outcome.Skipped, result.OutcomeOf("never"));
        Assert.Equal(Outcome.Skipped, result.OutcomeOf("after"));
        Assert.Empty(Directory.EnumerateDirectories(_directory / "0" / "jobs"));
    }

    [Fact]
    public async Task WhoeverStartsItChooses()
    {
        Assert.Single((await RunAsync(Workflow, new WorkflowEvent("workflow_dispatch")
        {
            Inputs = new Dictionary<string, string> { ["what"] = "a" },
        })).Of("build"));
        Assert.Equal(2, (await RunAsync(Workflow, new WorkflowEvent("workflow_dispatch"))).Of("build").Count());
    }

    [Fact]
    public async Task AFailureSkipsWhatComesAfterUnlessThatSaysOtherwise()
    {
        var text = Workflow.Replace("run: mkdir out", "run: test '${{ matrix.name }}' = a; mkdir out",
            StringComparison.Ordinal);
        var result = await RunAsync(text, WorkflowEvent.Push("a", "b"));
        Assert.Equal([Outcome.Success, Outcome.Failure], result.Of("build").Select(x => x.Outcome));
        Assert.Equal(Outcome.Skipped, result.Of("build").Last().Steps[1].Outcome);
        Assert.Equal(Outcome.Skipped, result.OutcomeOf("publish"));
        Assert.Equal(Outcome.Success,
            (await RunAsync(text.Replace("!cancelled() && !failure()", "always()", StringComparison.Ordinal),
                WorkflowEvent.Push("a", "b"))).OutcomeOf("publish"));
    }

    [Fact]
    public async Task WhatATestSetsIsSetWhateverTheWorkflowSays()
    {
        var run = Run(Workflow, WorkflowEvent.Push("a", "b"), new() { ["SHARED"] = "test", ["LATER"] = null });
        var plan = Assert.Single((await run.RunAsync()).Of("plan"));
        Assert.Equal("## test\n", plan.Summary);
        Assert.Equal(Outcome.Failure, plan.Steps[2].Outcome);
    }

    [Theory]
    [InlineData("runs-on: x", "runs-on: x\n    container: y")]
    [InlineData("actions/checkout@v0", "other/action@v0")]
    [InlineData("      - run: ls all", "      - run: ls all\n        shell: sh")]
    public async Task WhatIsNotKnownHereIsNotLeftOut(string good, string bad)
    {
        Assert.Contains(good, Workflow, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotSupportedException>(() =>
            RunAsync(Workflow.Replace(good, bad, StringComparison.Ordinal), WorkflowEvent.Push("a", "b")));
    }

    [Fact]
    public async Task WhatDoesNotStartItDoesNot()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Workflow, new WorkflowEvent("schedule")));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            RunAsync(Workflow, WorkflowEvent.Push("a", "b", "feature")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Workflow.Replace("needs: [plan]",
            "needs: [after]", StringComparison.Ordinal), WorkflowEvent.Push("a", "b")));
    }

    Task<WorkflowResult> RunAsync(string text, WorkflowEvent trigger) => Run(text, trigger, []).RunAsync();

    WorkflowRun Run(string text, WorkflowEvent trigger, Dictionary<string, string?> environment)
    {
        return new WorkflowRun(text, trigger, _directory / $"{_runs++}",
            workspace => File.WriteAllTextAsync(workspace / "committed", "committed text\n"))
        {
            Environment = environment,
        };
    }
}
