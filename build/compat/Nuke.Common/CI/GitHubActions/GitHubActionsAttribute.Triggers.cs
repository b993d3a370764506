using Nuke.Common.CI.GitHubActions.Configuration;

namespace Nuke.Common.CI.GitHubActions;

public partial class GitHubActionsAttribute
{
    /// <summary>Triggers without conditions, instead of all those below.</summary>
    public GitHubActionsTrigger[] On { get; set; } = [];

    public string[] OnPushBranches { get; set; } = [];
    public string[] OnPushBranchesIgnore { get; set; } = [];
    public string[] OnPushTags { get; set; } = [];
    public string[] OnPushTagsIgnore { get; set; } = [];
    public string[] OnPushIncludePaths { get; set; } = [];
    public string[] OnPushExcludePaths { get; set; } = [];
    public string[] OnPullRequestBranches { get; set; } = [];
    public string[] OnPullRequestTags { get; set; } = [];
    public string[] OnPullRequestIncludePaths { get; set; } = [];
    public string[] OnPullRequestExcludePaths { get; set; } = [];
    public string[] OnWorkflowDispatchOptionalInputs { get; set; } = [];
    public string[] OnWorkflowDispatchRequiredInputs { get; set; } = [];
    public string OnCronSchedule { get; set; }

    protected virtual IEnumerable<GitHubActionsDetailedTrigger> GetTriggers()
    {
        if (AnyOf(OnPushBranches, OnPushBranchesIgnore, OnPushTags, OnPushTagsIgnore, OnPushIncludePaths, OnPushExcludePaths))
        {
            Assert.True(
                !AnyOf(OnPushBranches, OnPushTags) || !AnyOf(OnPushBranchesIgnore, OnPushTagsIgnore),
                "Cannot use OnPushBranches/OnPushTags and OnPushBranchesIgnore/OnPushTagsIgnore in combination");
            yield return new GitHubActionsVcsTrigger
            {
                Kind = GitHubActionsTrigger.Push,
                Branches = OnPushBranches,
                BranchesIgnore = OnPushBranchesIgnore,
                Tags = OnPushTags,
                TagsIgnore = OnPushTagsIgnore,
                IncludePaths = OnPushIncludePaths,
                ExcludePaths = OnPushExcludePaths
            };
        }

        if (AnyOf(OnPullRequestBranches, OnPullRequestTags, OnPullRequestIncludePaths, OnPullRequestExcludePaths))
        {
            yield return new GitHubActionsVcsTrigger
            {
                Kind = GitHubActionsTrigger.PullRequest,
                Branches = OnPullRequestBranches,
                BranchesIgnore = [],
                Tags = OnPullRequestTags,
                TagsIgnore = [],
                IncludePaths = OnPullRequestIncludePaths,
                ExcludePaths = OnPullRequestExcludePaths
            };
        }

        if (AnyOf(OnWorkflowDispatchOptionalInputs, OnWorkflowDispatchRequiredInputs))
        {
            yield return new GitHubActionsWorkflowDispatchTrigger
            {
                OptionalInputs = OnWorkflowDispatchOptionalInputs,
                RequiredInputs = OnWorkflowDispatchRequiredInputs
            };
        }

        if (OnCronSchedule is not null)
            yield return new GitHubActionsScheduledTrigger { Cron = OnCronSchedule };
    }

    static bool AnyOf(params string[][] lists) => lists.Any(x => x.Length > 0);
}
