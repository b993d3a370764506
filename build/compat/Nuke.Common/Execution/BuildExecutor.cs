using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Runs the targets of the plan.</summary>
sealed class BuildExecutor(NukeBuild build)
{
    IReadOnlyCollection<string> finishedBefore = [];

    public void Run()
    {
        TargetSkipping.Skip(build, Parameters.Get<string[]>(Parameters.Skip, Parameters.TargetSeparator[0]));
        foreach (var target in build.ExecutionPlan)
            Violates(target, target.StaticConditions);
        Requirements.Check(build);
        finishedBefore = BuildAttempt.Begin(build.Continue);

        BuildManager.Cancelled.AddFirst(RunAssured);
        try
        {
            foreach (var target in build.ExecutionPlan)
                Run(target, isAssurance: false);
        }
        catch
        {
            RunAssured();
            throw;
        }
    }

    void RunAssured()
    {
        foreach (var target in build.ExecutionPlan.Where(x => x.AssuredAfterFailure && x.Status == ExecutionStatus.Scheduled))
            Run(target, isAssurance: true);
    }

    void Run(ExecutableTarget target, bool isAssurance)
    {
        if (target.Status == ExecutionStatus.Skipped || finishedBefore.Contains(target.Name) || Violates(target, target.DynamicConditions))
        {
            target.Status = ExecutionStatus.Skipped;
            build.Extend<IOnTargetSkipped>(nameof(IOnTargetSkipped.OnTargetSkipped), x => x.OnTargetSkipped(target));
        }
        else if (target.Actions.Count == 0)
            target.Status = ExecutionStatus.Collective;
        else
        {
            using (Logging.SetTarget(target.Name))
            using (build.WriteTarget(target.Name))
                RunActions(target, isAssurance);
        }
    }

    void RunActions(ExecutableTarget target, bool isAssurance)
    {
        target.Stopwatch.Start();
        target.Status = ExecutionStatus.Running;
        build.Extend<IOnTargetRunning>(nameof(IOnTargetRunning.OnTargetRunning), x => x.OnTargetRunning(target));
        try
        {
            target.Actions.ForEach(x => x());
            target.Stopwatch.Stop();
            target.Status = ExecutionStatus.Succeeded;
            build.Extend<IOnTargetSucceeded>(nameof(IOnTargetSucceeded.OnTargetSucceeded), x => x.OnTargetSucceeded(target));
            BuildAttempt.Finished(target.Name);
        }
        catch (Exception thrown)
        {
            var exception = thrown.Unwrap();
            if (target.SummaryInformation.Count == 0)
                build.ReportSummary(target, new() { [exception.GetType().Name] = exception.Message.ReplaceLineEndings("\n").Split('\n')[0] });
            Log.Error(exception, "Target {TargetName} has thrown an exception", target.Name);
            target.Stopwatch.Stop();
            target.Status = ExecutionStatus.Failed;
            build.Extend<IOnTargetFailed>(nameof(IOnTargetFailed.OnTargetFailed), x => x.OnTargetFailed(target));
            if (!target.ProceedAfterFailure && !isAssurance)
                throw new TargetExecutionException(target.Name, exception);
        }
    }

    bool Violates(ExecutableTarget target, List<(string Text, Func<bool> Delegate)> conditions)
    {
        try
        {
            var violated = conditions.Where(x => !x.Delegate()).Select(x => Condition.BodyOf(x.Text)).ToArray();
            if (violated.Length > 0)
            {
                target.OnlyWhen = string.Join(" && ", violated);
                TargetSkipping.Skip(build, target, reason: null);
            }
        }
        catch (Exception thrown)
        {
            var exception = thrown.Unwrap();
            Log.Error(exception, "Invocation of condition for {TargetName} has thrown an exception", target.Name);
            throw new TargetExecutionException(target.Name, exception);
        }

        return target.OnlyWhen is not null;
    }
}
