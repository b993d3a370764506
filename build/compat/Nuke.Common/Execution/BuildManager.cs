using System.Linq.Expressions;
using System.Text;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>The life of a build from its creation to its exit code.</summary>
static class BuildManager
{
    const int FailureExitCode = -1;

    /// <summary>What Ctrl+C still does, in order.</summary>
    public static LinkedList<Action> Cancelled { get; } = [];

    public static int Execute<T>(Expression<Func<T, Target>>[] defaultTargets)
        where T : NukeBuild, new()
    {
        Console.OutputEncoding = Encoding.UTF8;
        Console.InputEncoding = Encoding.UTF8;
        var build = new T();
        try
        {
            Logging.Configure(build);
            build.ExecutableTargets = TargetFactory.Create(build, defaultTargets);
            build.Extend<IOnBuildCreated>(nameof(IOnBuildCreated.OnBuildCreated), x => x.OnBuildCreated(build.ExecutableTargets));
            if (!build.NoLogo)
                build.WriteLogo();

            var invoked = Parameters.Get<string[]>(Parameters.Target, Parameters.TargetSeparator[0]);
            build.ExecutionPlan = ExecutionPlanner.Plan(build.ExecutableTargets, invoked);
            build.Extend<IOnBuildInitialized>(
                nameof(IOnBuildInitialized.OnBuildInitialized),
                x => x.OnBuildInitialized(build.ExecutableTargets, build.ExecutionPlan));

            Console.CancelKeyPress += (_, _) => Cancelled.ToList().ForEach(x => x());
            Cancelled.AddFirst(() => Finish(build));
            new BuildExecutor(build).Run();
            return build.ExitCode ??= build.IsSucceeding ? 0 : FailureExitCode;
        }
        catch (Exception thrown)
        {
            var exception = thrown.Unwrap();
            if (exception is not TargetExecutionException)
            {
                Log.Verbose(exception, "Target-unrelated exception was thrown");
                Host.Error(exception.Message);
            }

            return build.ExitCode ??= FailureExitCode;
        }
        finally
        {
            Finish(build);
            Log.CloseAndFlush();
        }
    }

    static void Finish(NukeBuild build)
    {
        if (build.ExecutionPlan is null)
            return;
        foreach (var target in build.ExecutionPlan)
        {
            target.Stopwatch.Stop();
            target.Status = target.Status switch
            {
                ExecutionStatus.Running => ExecutionStatus.Aborted,
                ExecutionStatus.Scheduled => ExecutionStatus.NotRun,
                var status => status
            };
        }

        build.WriteErrorsAndWarnings();
        build.WriteTargetOutcome();
        build.WriteBuildOutcome();
        build.Extend<IOnBuildFinished>(nameof(IOnBuildFinished.OnBuildFinished), x => x.OnBuildFinished());
    }
}
