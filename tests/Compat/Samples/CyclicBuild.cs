using Nuke.Common;

/// <summary>A graph that no plan can be made of.</summary>
class CyclicBuild : NukeBuild
{
    public static int Run() => Execute<CyclicBuild>(x => x.Innocent);

    Target Innocent => _ => _.Executes(() => { });

    Target C1 => _ => _.DependsOn(C2);

    Target C2 => _ => _.DependsOn(C3);

    Target C3 => _ => _.DependsOn(C1);
}
