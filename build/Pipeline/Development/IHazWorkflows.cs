using Nuke.Common;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;

namespace OpenStack.Pipeline.Development;

/// <summary>The files in <c>.github/workflows</c>, which attributes of the build class describe.</summary>
interface IHazWorkflows : INukeBuild
{
    [Parameter("Writes all files of .github/workflows anew, and does nothing else")]
    bool GenerateWorkflows => TryGetValue<bool?>(() => GenerateWorkflows) ?? false;
}

/// <summary>
/// <c>--generate-workflows</c>: NUKE's <c>--generate-configuration</c> for all of them at once, which would take a
/// process each.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class GenerateWorkflowsAttribute : BuildServerConfigurationGenerationAttributeBase, IOnBuildCreated
{
    /// <summary>After parameters were read, before anything else is done with them.</summary>
    public override float Priority => 60;

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (!((IHazWorkflows)Build).GenerateWorkflows) return;
        foreach (var workflow in GetGenerators(Build))
        {
            workflow.Generate(executableTargets);
            foreach (var file in workflow.GeneratedFiles)
                Console.WriteLine(Build.RootDirectory.GetRelativePathTo(file));
        }

        Environment.Exit(0);
    }
}
