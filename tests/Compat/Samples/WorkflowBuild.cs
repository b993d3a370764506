using Nuke.Common;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Execution;
using Nuke.Common.Utilities;

/// <summary>
/// Workflows generated from attributes: one with nearly everything, one that a derived attribute changes.
/// </summary>
[GitHubActions(
    "ci",
    GitHubActionsImage.Ubuntu2404,
    AutoGenerate = false,
    OnPushBranches = ["main", "release/*"],
    OnPushExcludePaths = ["docs/**"],
    WritePermissions = [GitHubActionsPermissions.Packages],
    ReadPermissions = [GitHubActionsPermissions.Contents],
    ConcurrencyGroup = "my-group",
    ConcurrencyCancelInProgress = true,
    TimeoutMinutes = 30,
    EnvironmentName = "staging",
    FetchDepth = 0,
    CacheKeyFiles = ["**/global.json", "**/*.csproj"],
    ImportSecrets = ["RegistryToken"],
    PublishCondition = "always()",
    InvokedTargets = ["A", "B"])]
[MatrixActions("matrix", GitHubActionsImage.UbuntuLatest,
    On = [GitHubActionsTrigger.Push, GitHubActionsTrigger.WorkflowDispatch], InvokedTargets = ["A"])]
class WorkflowBuild : NukeBuild
{
    public static int Run() => Execute<WorkflowBuild>(x => x.A);

    Target A => _ => _
        .Produces(RootDirectory / "out" / "img" / "*.tar")
        .Executes(() => { });

    Target B => _ => _
        .DependsOn(A)
        .Executes(() => { });
}

/// <summary>A job with a matrix, which the library's own attribute cannot express.</summary>
sealed class MatrixActionsAttribute(string name, GitHubActionsImage image) : GitHubActionsAttribute(name, image)
{
    protected override GitHubActionsJob GetJobs(GitHubActionsImage image,
        IReadOnlyCollection<ExecutableTarget> relevantTargets)
    {
        var job = base.GetJobs(image, relevantTargets);
        return new MatrixJob { Name = job.Name, Image = job.Image, Steps = job.Steps };
    }

    sealed class MatrixJob : GitHubActionsJob
    {
        public override void Write(CustomFileWriter writer)
        {
            writer.WriteLine("services:");
            using (writer.Indent())
            {
                writer.WriteLine("strategy:");
                using (writer.Indent())
                    writer.WriteLine("fail-fast: false");
            }

            base.Write(writer);
        }
    }
}
