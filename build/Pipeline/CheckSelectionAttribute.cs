using Nuke.Common.Execution;

namespace OpenStack.Pipeline;

/// <summary>
/// Reads the catalog and the selection before the first target runs, when the plan has a target that needs them: a misspelt service
/// is not worth waiting a minute for.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class CheckSelectionAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (executionPlan.Any(x => x.Member.DeclaringType!.IsAssignableTo(typeof(IHazSelection)))) _ = ((IHazSelection)Build).Selection;
    }
}
