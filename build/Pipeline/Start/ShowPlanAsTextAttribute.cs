using Nuke.Common.Execution;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// <c>--plan</c> as text: NUKE's own way writes an HTML page and opens a browser, and fails where there is none. Runs
/// before it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class ShowPlanAsTextAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public override float Priority => 20;

    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!Build.Plan) return;
        Console.WriteLine(ExecutionPlanText.Of(executionPlan));
        Environment.Exit(0);
    }
}
