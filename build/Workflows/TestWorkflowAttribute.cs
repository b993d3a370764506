using Nuke.Common.CI.GitHubActions;
using Nuke.Common.CI.GitHubActions.Configuration;

namespace OpenStack.Workflows;

/// <summary>Generates the workflow that runs the tests, on whatever is pushed or proposed.</summary>
/// <param name="name">Name of the workflow and of its file.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class TestWorkflowAttribute(string name) : WorkflowAttribute(name)
{
    /// <summary>What it runs.</summary>
    public string[] Targets { get; set; } = [];

    protected override string Group => "${{ github.workflow }}-${{ github.event.pull_request.number || github.ref }}";

    protected override bool EndsEarlier => true;

    protected override IEnumerable<GitHubActionsDetailedTrigger> Triggers() =>
        [TriggerOf(GitHubActionsTrigger.Push), TriggerOf(GitHubActionsTrigger.PullRequest)];

    protected override IEnumerable<WorkflowJob> Jobs(WorkflowActions actions) =>
    [
        new()
        {
            Name = "test",
            Title = "Test",
            RunsOn = Runner,
            TimeoutMinutes = 30,
            JobPermissions = ReadOnly,
            Steps = [actions.Checkout(), actions.SetupDotNet(), new TargetStep([.. Targets])],
        },
    ];
}
