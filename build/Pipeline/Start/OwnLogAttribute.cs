using Nuke.Common.Execution;

namespace OpenStack.Pipeline.Start;

/// <summary>Tells the log of a run when NUKE has opened it.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class OwnLogAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    /// <summary>Before all others: NUKE has opened its log by then.</summary>
    public override float Priority => 1000;

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        ((IHazRun)Build).Run.OwnLog.IsOpen();
}
