using Nuke.Common;
using Nuke.Common.Execution;
using Nuke.Components;
using Serilog;

/// <summary>Targets and parameters from interfaces, and an extension of its own.</summary>
[Announcing(Priority = 6)]
class ComponentsBuild : NukeBuild, IPushing, IHazArtifacts
{
    public static int Run() => Execute<ComponentsBuild>(x => ((IPushing)x).Push);

    Target Own => _ => _
        .DependsOn<IPushing>()
        .TryDependsOn<IUnused>()
        .Executes(() => Log.Information("own {Directory}", RootDirectory.Name));

    Target ICompiling.Compile => _ => _
        .Inherit<ICompiling>()
        .Executes(() => Log.Information("compile again"));
}

interface ICompiling : INukeBuild
{
    [Parameter("How many")] int Times => TryGetValue<int?>(() => Times) ?? 5;

    Target Compile => _ => _
        .Executes(() => Log.Information("compile {Times}", Times));
}

[ParameterPrefix("Reg")]
interface IPushing : ICompiling
{
    [Parameter("Where to")] string Host2 => TryGetValue(() => Host2) ?? "localhost";

    Target Push => _ => _
        .DependsOn<ICompiling>(x => x.Compile)
        .Executes(() =>
            Log.Information("push to {Host} from {Artifacts}", Host2, ((IHazArtifacts)this).ArtifactsDirectory.Name));
}

interface IUnused : INukeBuild
{
    Target Unused => _ => _;
}

sealed class AnnouncingAttribute : BuildExtensionAttributeBase, IOnBuildInitialized, IOnTargetRunning
{
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan) =>
        Console.WriteLine($"plan {string.Join(' ', executionPlan.Select(x => x.Name))}");

    public void OnTargetRunning(ExecutableTarget target) => Console.WriteLine($"running {target.Name}");
}
