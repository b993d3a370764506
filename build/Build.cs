using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Components;
using OpenStack.Pipeline;
using OpenStack.Pipeline.Arguments;

/// <summary>
/// ResolveRefs → Checkout → Patch → Constrain → BuildBase → BuildLibraries → BuildWheels → BuildService → TestImage, Sbom → Sign → Push → Verify. Each component is
/// one target; what they share is in the IHaz… components.
/// </summary>
[OwnLog]
[ShowPlanAsText]
[CheckSelection]
[GenerateWorkflows]
sealed partial class Build : NukeBuild,
    IResolveRefs,
    ICheckout,
    IPatch,
    ICheckPatches,
    IConstrain,
    IConstraintDiff,
    IOutdated,
    IUpdate,
    IStale,
    IBuildBase,
    IBuildLibraries,
    IBuildWheels,
    IBuildService,
    IJoin,
    ITestImage,
    ISbom,
    ISbomDiff,
    IScan,
    ITags,
    ISign,
    IPush,
    IVerify,
    ILoad,
    IExport,
    IAffected,
    IRecordClosures,
    IPrune,
    IAddService,
    IRemoveService,
    IAddRelease,
    IRemoveRelease,
    IHazWorkflows,
    ILabDown,
    ILabClean,
    OpenStack.Pipeline.ITest,
    ITestLab,
    ITestReal
{
    public static int Main() => StartCheck.Passes(typeof(Build)) ? Execute<Build>() : 1;

    public Build() => OwnLogAttribute.MakeWay(TemporaryDirectory);

    AbsolutePath IHazArtifacts.ArtifactsDirectory => RootDirectory / "artifacts";

    /// <summary>Its problems stand above the summary, each in full.</summary>
    protected override void OnTargetFailed(string target) =>
        Results.Failed(ExecutionPlan.Single(x => x.Name == target));

    /// <summary>After everything else, so that the count of tests is the last line.</summary>
    protected override void OnBuildFinished()
    {
        Results.Run(ExecutionPlan ?? []);
        if (TestRun.CountsOfRun is { } counts) Console.WriteLine(counts);
    }
}
