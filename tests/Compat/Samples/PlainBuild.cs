using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using Serilog;

/// <summary>Order, triggers, conditions, skipping, and what the help says of it.</summary>
class PlainBuild : NukeBuild
{
    [Parameter("API key that is needed for pushing, with a text so long that the help has to "
        + "break it into several lines")]
    [Secret]
    readonly string ApiKey;

    [Parameter] readonly bool Flag;

    public static int Run() => Execute<PlainBuild>(x => x.Push);

    Target Clean => _ => _
        .Before(Compile)
        .Executes(() => Log.Information("in {Target}", nameof(Clean)));

    Target Compile => _ => _
        .Executes(() => Log.Information("in {Target}", nameof(Compile)));

    Target Test => _ => _
        .DependsOn(Compile)
        .OnlyWhenDynamic(() => !Flag || 1 > 2)
        .Executes(() => Log.Debug("in {Target}", nameof(Test)));

    Target Push => _ => _
        .Description("Push it")
        .DependsOn(Test)
        .Triggers(Announce)
        .Executes(() =>
        {
            Log.Warning("careful {Word}", "now");
            ReportSummary(_ => _.AddPair("Images", "3").AddPair("Size", "12"));
        });

    Target Announce => _ => _
        .Unlisted()
        .Executes(() => Log.Verbose("announced {Count} {Key}", 3, ApiKey));

    Target All => _ => _
        .DependsOn(Clean, Push);

    Target LeftAlone => _ => _
        .DependsOn(Only)
        .OnlyWhenStatic(() => Flag)
        .WhenSkipped(DependencyBehavior.Execute)
        .Executes(() => Log.Information("in {Target}", nameof(LeftAlone)));

    Target LeftOut => _ => _
        .DependsOn(Only)
        .OnlyWhenStatic(() => Flag)
        .Executes(() => Log.Information("in {Target}", nameof(LeftOut)));

    Target Only => _ => _
        .Executes(() => Log.Information("in {Target}", nameof(Only)));
}
