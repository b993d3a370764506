using System.Linq.Expressions;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.Tooling;
using Nuke.Common.ValueInjection;

namespace Nuke.Common;

/// <summary>Base of the build class: its targets are properties of type <see cref="Target"/>.</summary>
public abstract partial class NukeBuild : INukeBuild
{
    protected NukeBuild() => extensions = BuiltInExtensions.Of(this);

    /// <summary>Parses the command line, runs targets and returns the exit code of the process.</summary>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild, new() => BuildManager.Execute(defaultTargetExpressions);

    /// <summary>Null until the plan is made.</summary>
    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; set; }

    [Parameter("List of targets to be invoked. Default is '{default_target}'.", Name = Parameters.Target, Separator = Parameters.TargetSeparator)]
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => ExecutionPlan.Where(x => x.Invoked).ToList();

    [Parameter("List of targets to be skipped. Empty list skips all dependencies.", Name = Parameters.Skip, Separator = Parameters.TargetSeparator)]
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => With(ExecutionStatus.Skipped);

    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => With(ExecutionStatus.Scheduled);
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => With(ExecutionStatus.Running);
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => With(ExecutionStatus.Aborted);
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => With(ExecutionStatus.Failed);
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => With(ExecutionStatus.Succeeded);
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets => [.. FailedTargets, .. SucceededTargets];

    [Parameter("Shows the execution plan (HTML).")]
    public bool Plan { get; }

    [Parameter("Shows the help text for this build assembly.")]
    public bool Help { get; }

    [Parameter("Disables displaying the NUKE logo.")]
    public bool NoLogo { get; set; }

    [Parameter("Indicates to continue a previously failed build attempt.")]
    public bool Continue { get; internal set; }

    [Parameter("Partition to use on CI.", List = false)]
    public Partition Partition { get; internal set; } = Partition.Single;

    public bool IsSucceeding => !IsFailing;

    /// <summary>A planned target failed, was aborted or never ran.</summary>
    public bool IsFailing => ExecutionPlan.Any(x => x.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);

    public bool IsFinished => ScheduledTargets.Count + RunningTargets.Count == 0;

    public int? ExitCode { get; set; }

    internal IReadOnlyCollection<ExecutableTarget> ExecutableTargets { get; set; }

    /// <summary>Replaces what the summary says of the target that is running.</summary>
    public void ReportSummary(Configure<Dictionary<string, string>> configurator = null)
    {
        var information = new Dictionary<string, string>();
        ReportSummary(RunningTargets.Single(), configurator is null ? information : configurator(information));
    }

    internal void ReportSummary(ExecutableTarget target, Dictionary<string, string> information)
    {
        target.SummaryInformation = new(information);
        Extend<IOnTargetSummaryUpdated>(nameof(IOnTargetSummaryUpdated.OnTargetSummaryUpdated), x => x.OnTargetSummaryUpdated(this, target));
    }

    List<ExecutableTarget> With(ExecutionStatus status) => ExecutionPlan.Where(x => x.Status == status).ToList();
}
