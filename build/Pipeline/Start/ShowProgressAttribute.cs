using Nuke.Common.Execution;
using OpenStack.Pipeline.Reports;
using OpenStack.Watching;

namespace OpenStack.Pipeline.Start;

/// <summary>Shows what a run is at, target by target, to whoever waits for it.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class ShowProgressAttribute : BuildExtensionAttributeBase,
    IOnBuildInitialized, IOnTargetRunning, IOnTargetSucceeded, IOnTargetFailed
{
    Run Run => ((IHazRun)Build).Run;

    bool IsLive => ((IHazProgress)Build).IsLive(isAlone: ((IHazAnswer)Build).IsDocument);

    /// <summary>What cannot be shown is told before anything is done.</summary>
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan) => _ = IsLive;

    public void OnTargetRunning(ExecutableTarget target) =>
        (Run.Watcher ??= new Watcher(Run.Watch, IsLive)).Enter(target.Name);

    public void OnTargetSucceeded(ExecutableTarget target) => Run.Watcher?.Leave();

    public void OnTargetFailed(ExecutableTarget target) => Run.Watcher?.Leave();
}
