using Nuke.Common;
using OpenStack.Lab;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>
/// The laboratory: an engine, a registry, a base image, git repositories and wheels made from the host's own Debian mirror, for a
/// machine without Docker or internet. <c>--profile lab</c> points every other parameter at it.
/// </summary>
interface ILab : IHazImages
{
    [Parameter("Brings up the laboratory before anything else; set by --profile lab")]
    bool Lab => TryGetValue<bool?>(() => Lab) ?? false;

    Laboratory Laboratory => new(TemporaryDirectory / "lab", RootDirectory / "build" / "Lab" / "data", x => Log.Information("  {Line}", x));

    Target LabUp => _ => _
        .Description("Provisions what the laboratory lacks and starts its engine and registry")
        .OnlyWhenStatic(() => Lab)
        .TryDependentFor<IResolveRefs>(x => x.ResolveRefs)
        .TryDependentFor<ICheckPatches>(x => x.CheckPatches)
        .TryDependentFor<IBuildBase>(x => x.BuildBase)
        .TryDependentFor<IVerify>(x => x.Verify)
        .TryDependentFor<ITestLab>(x => x.TestLab)
        .TryDependentFor<ITestReal>(x => x.TestReal)
        .Executes(() => Laboratory.UpAsync(Platforms));
}

/// <summary>Ends the laboratory.</summary>
interface ILabDown : ILab
{
    Target LabDown => _ => _
        .Description("Stops the laboratory's engine and registry; what was provisioned stays")
        .Executes(() => Laboratory.DownAsync());
}

/// <summary>Removes the laboratory.</summary>
interface ILabClean : ILab
{
    Target LabClean => _ => _
        .Description("Stops the laboratory and removes everything it made")
        .Executes(() => Laboratory.CleanAsync());
}
