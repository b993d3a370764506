using Nuke.Common.CI.GitHubActions.Configuration;

namespace OpenStack.Workflows;

/// <summary>
/// Generates the workflow that opens and refreshes the pull requests of updates, at certain times and when somebody
/// starts it.
/// </summary>
/// <param name="name">Name of the workflow and of its file.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class UpdateWorkflowAttribute(string name) : WorkflowAttribute(name)
{
    /// <summary>
    /// Pull requests of a job's own token start no workflow (docs.github.com, "Triggering a workflow from a workflow");
    /// those of a token of one's own do.
    /// </summary>
    /// <remarks>
    /// zizmor.sh, audit "secrets-outside-env": an environment would keep the secret from other branches, but whoever
    /// can write to one can change a workflow that runs on the default branch only by a pull request, and nothing here
    /// runs what a pull request has.
    /// </remarks>
    const string Token = "${{ secrets.UPDATE_TOKEN || github.token }} # zizmor: ignore[secrets-outside-env] "
        + "optional, and used on the default branch alone";

    /// <summary>What it runs.</summary>
    public string[] Targets { get; set; } = [];

    /// <summary>When (POSIX cron, UTC).</summary>
    public string Schedule { get; set; } = "";

    protected override string Group => "${{ github.workflow }}-${{ github.ref }}";

    protected override bool EndsEarlier => false;

    protected override IEnumerable<GitHubActionsDetailedTrigger> Triggers() =>
        [new GitHubActionsScheduledTrigger { Cron = Schedule }, new ChoiceTrigger()];

    protected override IEnumerable<WorkflowJob> Jobs(WorkflowActions actions) =>
    [
        new()
        {
            Name = "update",
            Title = "Update",
            RunsOn = Runner,
            TimeoutMinutes = 60,
            JobPermissions = [("contents", "write"), ("pull-requests", "write")],
            Steps =
            [
                .. actions.Begin(history: true, Token),
                new TargetStep([.. Targets]) { Environment = [("GITHUB_TOKEN", Token)] },
            ],
        },
    ];
}
