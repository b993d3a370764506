using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using Serilog;

/// <summary>Failures, and what still runs after them.</summary>
class FailingBuild : NukeBuild
{
    [Parameter("Must be there")] readonly string MustHave;

    [Parameter] readonly int Count = 1;

    public static int Run() => Execute<FailingBuild>();

    Target Fails => _ => _
        .Executes(() => throw new InvalidOperationException("boom line1\nline2"));

    Target Dependent => _ => _
        .DependsOn(Fails)
        .Executes(() => Log.Information("never"));

    Target Proceeds => _ => _
        .ProceedAfterFailure()
        .Executes(() =>
        {
            ReportSummary(_ => _.AddPair("Kept", "yes"));
            throw new InvalidOperationException("boom");
        });

    Target AfterProceeds => _ => _
        .DependsOn(Proceeds)
        .Executes(() => Log.Information("ran"));

    Target Assured => _ => _
        .After(Dependent)
        .AssuredAfterFailure()
        .Executes(() => Log.Information("assured"));

    Target NeedsMember => _ => _
        .Requires(() => MustHave)
        .Executes(() => Log.Information("had {MustHave}", MustHave));

    Target NeedsBool => _ => _
        .Requires(() => Count > 100)
        .Executes(() => Log.Information("never"));

    Target BadCondition => _ => _
        .OnlyWhenDynamic(() => Throw())
        .Executes(() => Log.Information("never"));

    Target SetsExitCode => _ => _
        .Executes(() => { ExitCode = 7; });

    static bool Throw() => throw new InvalidOperationException("condition");

    protected override void OnBuildInitialized() => Log.Information("event initialized");

    protected override void OnTargetFailed(string target) => Log.Information("event failed {Target}", target);

    protected override void OnBuildFinished() => Console.WriteLine("event finished");
}
