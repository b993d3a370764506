using Nuke.Common.CI;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Execution;

namespace OpenStack.Workflows;

/// <summary>Generates the workflow that runs the tests, on whatever is pushed or proposed.</summary>
/// <param name="name">Name of the workflow and of its file.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class TestWorkflowAttribute(string name) : GitHubActionsAttribute(name, GitHubActionsImage.UbuntuLatest)
{
    /// <summary>What it runs.</summary>
    public string[] Targets { get; set; } = [];

    public override ConfigurationEntity GetConfiguration(IReadOnlyCollection<ExecutableTarget> relevantTargets)
    {
        var actions = new WorkflowActions(ActionPins.Read(Build.RootDirectory));
        return new GitHubActionsConfiguration
        {
            Name = IdPostfix,
            ShortTriggers = [GitHubActionsTrigger.Push, GitHubActionsTrigger.PullRequest],
            DetailedTriggers = [],
            Permissions = [(GitHubActionsPermissions.Contents, "read")],
            ConcurrencyGroup = "${{ github.workflow }}-${{ github.event.pull_request.number || github.ref }}",
            ConcurrencyCancelInProgress = true,
            Jobs =
            [
                new WorkflowJob
                {
                    Name = "test",
                    Title = "Test",
                    RunsOn = "ubuntu-24.04",
                    TimeoutMinutes = 30,
                    JobPermissions = [("contents", "read")],
                    Steps = [actions.Checkout(), actions.SetupDotNet(), new TargetStep([.. Targets])],
                },
            ],
        };
    }
}
