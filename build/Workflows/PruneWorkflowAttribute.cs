using Nuke.Common.CI.GitHubActions.Configuration;

namespace OpenStack.Workflows;

/// <summary>
/// Generates the workflow that lists old images at certain times, and removes them when somebody starts it and says so.
/// </summary>
/// <param name="name">Name of the workflow and of its file.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PruneWorkflowAttribute(string name) : WorkflowAttribute(name)
{
    /// <summary>What it runs.</summary>
    public string[] Targets { get; set; } = [];

    /// <summary>When (POSIX cron, UTC).</summary>
    public string Schedule { get; set; } = "";

    protected override string Group => "${{ github.workflow }}";

    protected override bool EndsEarlier => false;

    protected override IEnumerable<GitHubActionsDetailedTrigger> Triggers() =>
    [
        new GitHubActionsScheduledTrigger { Cron = Schedule },
        new ChoiceTrigger { Choices = [("remove", "Remove what is listed", ["false", "true"])] },
    ];

    protected override IEnumerable<WorkflowJob> Jobs(WorkflowActions actions) =>
    [
        new()
        {
            Name = "prune",
            Title = "Prune",
            RunsOn = Runner,
            TimeoutMinutes = 60,
            JobPermissions = [.. ReadOnly, ("packages", "write")],
            Steps =
            [
                // Which builds are old, the history says.
                .. actions.Begin(history: true),
                new TargetStep([.. Targets])
                {
                    Environment =
                    [
                        ("NUKE_REMOVE", "${{ inputs.remove || 'false' }}"),
                        .. ImagesWorkflowAttribute.RegistryAccess,
                    ],
                },
            ],
        },
    ];
}
