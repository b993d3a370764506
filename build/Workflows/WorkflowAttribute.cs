using Nuke.Common.CI;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Execution;

namespace OpenStack.Workflows;

/// <summary>
/// Generates a workflow whose jobs run targets of the build and nothing else, with a token that may do no more than
/// each of them needs.
/// </summary>
/// <param name="name">Name of the workflow and of its file.</param>
public abstract class WorkflowAttribute(string name) : GitHubActionsAttribute(name, GitHubActionsImage.UbuntuLatest)
{
    /// <summary>The runner of jobs that are of no platform.</summary>
    protected const string Runner = "ubuntu-24.04";

    /// <summary>The token of a job that only reads this repository.</summary>
    protected static readonly (string, string)[] ReadOnly = [("contents", "read")];

    /// <summary>Runs of one group are not at work at once.</summary>
    protected abstract string Group { get; }

    /// <summary>Whether a run of the group ends those before it, or waits for them.</summary>
    protected abstract bool EndsEarlier { get; }

    protected abstract IEnumerable<GitHubActionsDetailedTrigger> Triggers();

    protected abstract IEnumerable<WorkflowJob> Jobs(WorkflowActions actions);

    public sealed override ConfigurationEntity GetConfiguration(
        IReadOnlyCollection<ExecutableTarget> relevantTargets) =>
        new GitHubActionsConfiguration
        {
            Name = IdPostfix,
            ShortTriggers = [],
            DetailedTriggers = [.. Triggers()],
            Permissions = [(GitHubActionsPermissions.Contents, "read")],
            ConcurrencyGroup = Group,
            ConcurrencyCancelInProgress = EndsEarlier,
            Jobs = [.. Jobs(new WorkflowActions(ActionPins.Read(Build.RootDirectory)))],
        };

    /// <summary>Whatever is pushed, or proposed.</summary>
    /// <param name="kind">Which of the two.</param>
    /// <param name="branches">Of these branches only; of all where there are none.</param>
    protected static GitHubActionsVcsTrigger TriggerOf(GitHubActionsTrigger kind, params string[] branches) =>
        new()
        {
            Kind = kind,
            Branches = branches,
            BranchesIgnore = [],
            Tags = [],
            TagsIgnore = [],
            IncludePaths = [],
            ExcludePaths = [],
        };
}
