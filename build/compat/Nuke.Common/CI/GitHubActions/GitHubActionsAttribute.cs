using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Nuke.Common.Utilities;

namespace Nuke.Common.CI.GitHubActions;

/// <summary>Generates <c>.github/workflows/&lt;name&gt;.yml</c>, with one job per image.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public partial class GitHubActionsAttribute : ConfigurationAttributeBase
{
    readonly string name;
    readonly GitHubActionsImage[] images;

    public GitHubActionsAttribute(string name, GitHubActionsImage image, params GitHubActionsImage[] images)
    {
        this.name = name.Replace(' ', '_');
        this.images = [image, .. images];
    }

    public override string IdPostfix => name;
    public override Type HostType => typeof(GitHubActions);
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / ".github" / "workflows" / $"{name}.yml";
    public override IEnumerable<AbsolutePath> GeneratedFiles => [ConfigurationFile];
    public override IEnumerable<string> RelevantTargetNames => InvokedTargets;
    public override IEnumerable<string> IrrelevantTargetNames => [];

    public override CustomFileWriter CreateWriter(StreamWriter streamWriter) => new(streamWriter, indentationFactor: 2, commentPrefix: "#");

    public override ConfigurationEntity GetConfiguration(IReadOnlyCollection<ExecutableTarget> relevantTargets)
    {
        var configuration = new GitHubActionsConfiguration
        {
            Name = name,
            ShortTriggers = On,
            DetailedTriggers = GetTriggers().ToArray(),
            Permissions = [.. WritePermissions.Select(x => (x, "write")), .. ReadPermissions.Select(x => (x, "read"))],
            ConcurrencyGroup = ConcurrencyGroup,
            ConcurrencyCancelInProgress = ConcurrencyCancelInProgress,
            Jobs = images.Select(x => GetJobs(x, relevantTargets)).ToArray()
        };
        var (isShort, isDetailed) = (configuration.ShortTriggers.Length > 0, configuration.DetailedTriggers.Length > 0);
        Assert.True(!isShort || !isDetailed, "Workflows can only define either shorthand 'On' or 'On*' triggers");
        Assert.True(isShort || isDetailed, "Workflows must define either shorthand 'On' or 'On*' triggers");
        return configuration;
    }

    /// <summary>The job of one image.</summary>
    protected virtual GitHubActionsJob GetJobs(GitHubActionsImage image, IReadOnlyCollection<ExecutableTarget> relevantTargets) => new()
    {
        Name = image.GetValue().Replace('.', '_'),
        EnvironmentName = EnvironmentName,
        EnvironmentUrl = EnvironmentUrl,
        Steps = GetSteps(relevantTargets).ToArray(),
        Image = image,
        TimeoutMinutes = TimeoutMinutes,
        ConcurrencyGroup = JobConcurrencyGroup,
        ConcurrencyCancelInProgress = JobConcurrencyCancelInProgress
    };

    /// <summary>Environment variables of the run step.</summary>
    protected virtual IEnumerable<(string Key, string Value)> GetImports()
    {
        foreach (var input in OnWorkflowDispatchOptionalInputs.Concat(OnWorkflowDispatchRequiredInputs))
            yield return (input, $"${{{{ github.event.inputs.{input} }}}}");
        foreach (var secret in ImportSecrets)
            yield return (secret, SecretOf(secret));
        if (EnableGitHubToken)
            yield return ("GITHUB_TOKEN", SecretOf("GITHUB_TOKEN"));
    }

    static string SecretOf(string name) =>
        $"${{{{ secrets.{ValueInjection.Parameters.WordsOf(name, '_').ToUpperInvariant()} }}}}";

    IEnumerable<GitHubActionsStep> GetSteps(IReadOnlyCollection<ExecutableTarget> relevantTargets)
    {
        yield return new GitHubActionsCheckoutStep { Submodules = submodules, Lfs = lfs, FetchDepth = fetchDepth, Progress = progress, Filter = filter };
        if (CacheKeyFiles.Length > 0)
            yield return new GitHubActionsCacheStep { IncludePatterns = CacheIncludePatterns, ExcludePatterns = CacheExcludePatterns, KeyFiles = CacheKeyFiles };
        yield return new GitHubActionsRunStep
        {
            BuildCmdPath = BuildCmdPath,
            InvokedTargets = InvokedTargets,
            Imports = GetImports().ToDictionary(x => x.Key, x => x.Value)
        };
        if (!PublishArtifacts)
            yield break;
        var artifacts = relevantTargets.SelectMany(x => x.ArtifactProducts)
            .Select(x => ((AbsolutePath)x).FindParentOrSelf(y => !y.ToString().Contains('*')))
            .Distinct();
        foreach (var artifact in artifacts)
            yield return new GitHubActionsArtifactStep { Name = artifact.Name, Path = Build.RootDirectory.GetUnixRelativePathTo(artifact), Condition = PublishCondition };
    }
}
