using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Components;
using OpenStack.Pipeline;
using OpenStack.Pipeline.Development;
using OpenStack.Pipeline.Editing;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Laboratory;
using OpenStack.Pipeline.Packages;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Reports;
using OpenStack.Pipeline.Sources;
using OpenStack.Pipeline.Start;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Pipeline.Upkeep;

/// <summary>
/// ResolveRefs → Checkout → Patch → Constrain → BuildBase → BuildLibraries → BuildWheels → BuildService → TestImage,
/// Sbom → Sign → Push → Verify. Each component is one target, in the room of <c>Pipeline</c> that its name is listed
/// under here; what they share is in the IHaz… components.
/// </summary>
[OwnLog]
[EndOnSignal]
[TraceRun]
[OwnOutcome]
[ShowPlanAsText]
[ShowReleases]
[AnswerAlone]
[TrustCaBundle]
[CheckSelection]
[ShowProgress]
[GenerateWorkflows]
[GenerateDocs]
[PrintCompletion]
sealed partial class Build : NukeBuild,
    // Reports. First, as these know many of the others: the order of targets that do not wait for each other follows it
    IList, IGraph, IExplain, IReport, IPublishReport,
    // Sources
    IResolveRefs, ICheckout, IPatch, ICheckPatches, IConstrain, IConstraintDiff,
    // Images
    IBuildBase, IFetchDistributions, IBuildLibraries, IBuildWheels, IBuildService, ILock, IPrefetch, IJoin, ITestImage,
    ITestSource, ITestSet, ITags,
    // Packages
    IPackage, ITestPackage, IPushPackages, IVerifyPackages, IPrunePackages,
    // Supply chain
    ISbom, IScan, ISign,
    // Publication
    IPush, IVerify, IReproduce, ISbomDiff, IReleaseNotes, ILoad, IExport,
    // Upkeep
    IAffected, IRecordClosures, IOutdated, IUpdate, IStale, IPrune, IWhoHas, IDoctor,
    // Editing
    IAddService, IRemoveService, IAddRelease, IRemoveRelease, IBackport,
    // Laboratory
    ILabDown, ILabClean,
    // Development
    OpenStack.Pipeline.Development.ITest, ITestLab, ITestReal, IHazWorkflows, IHazDocs,
    IHazProgress, IHazCompletion, IHazTrace
{
    readonly Run _run = new(RootDirectory, TemporaryDirectory);

    public static int Main() => StartCheck.Passes(typeof(Build)) ? Execute<Build>() : 1;

    Run IHazRun.Run => _run;

    AbsolutePath IHazArtifacts.ArtifactsDirectory => RootDirectory / "artifacts";

    /// <summary>Its problems stand above the summary, each in full.</summary>
    protected override void OnTargetFailed(string target) =>
        _run.Results.Failed(ExecutionPlan.Single(x => x.Name == target));

    /// <summary>After everything else, so that the count of tests is the last line.</summary>
    protected override void OnBuildFinished()
    {
        _run.TellOutcome(((IHazArtifacts)this).ArtifactsDirectory, ExecutionPlan is not null && IsSucceeding,
            inFileAlone: !((IHazOutcome)this).KeepGoing);
        _run.Results.Run(ExecutionPlan ?? []);
        if (_run.LastLine is { } line) Console.WriteLine(line);
    }
}
