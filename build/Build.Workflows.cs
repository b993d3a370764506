using Nuke.Common.CI.GitHubActions;
using OpenStack.Pipeline;

// ./build.sh --generate-configuration GitHubActions_test --host GitHubActions writes the file; a test fails when it is stale.
// Not generated at every start: NUKE starts another process for that.
[GitHubActions(
    "test",
    GitHubActionsImage.UbuntuLatest,
    On = [GitHubActionsTrigger.Push, GitHubActionsTrigger.PullRequest],
    InvokedTargets = [nameof(ITest.Test)],
    ReadPermissions = [GitHubActionsPermissions.Contents],
    TimeoutMinutes = 30,
    CacheIncludePatterns = ["~/.nuget/packages"],
    PublishArtifacts = false,
    AutoGenerate = false)]
partial class Build;
