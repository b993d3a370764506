using Nuke.Common.Execution;
using OpenStack.Traces;
using Serilog;

namespace OpenStack.Pipeline.Start;

/// <summary><c>--trace</c>, and <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>: what a run does, as spans.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class TraceRunAttribute : BuildExtensionAttributeBase, IOnBuildInitialized, IOnTargetRunning,
    IOnTargetSucceeded, IOnTargetFailed, IOnBuildFinished
{
    /// <summary>Before anything is asked of anybody.</summary>
    public override float Priority => 60;

    Run Run => ((IHazRun)Build).Run;

    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (executionPlan.Count == 0) return;
        var targets = Build.InvokedTargets.Select(x => x.Name).ToArray();
        Run.Trace = RunTrace.Begin(((IHazTrace)Build).Trace, string.Join(' ', targets.Prepend("build")));
        Run.Trace?.Tell("build.targets", targets);
    }

    public void OnTargetRunning(ExecutableTarget target) => Run.Trace?.BeginTarget(target.Name);

    public void OnTargetSucceeded(ExecutableTarget target) => Run.Trace?.EndTarget(hasFailed: false);

    public void OnTargetFailed(ExecutableTarget target) => Run.Trace?.EndTarget(hasFailed: true);

    public void OnBuildFinished()
    {
        if (Run.Trace?.End(Build.IsSucceeding && !Run.Outcome.HasFailed ? null : "the run has failed") is { } lost)
            Log.Warning("Spans of this run were not taken: {Why}", lost);
    }
}
