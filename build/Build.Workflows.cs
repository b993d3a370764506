using OpenStack.Images;
using OpenStack.Pipeline.Development;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Packages;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Reports;
using OpenStack.Pipeline.Sources;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Pipeline.Upkeep;
using OpenStack.Workflows;

// ./build.sh --generate-workflows writes the files; a test fails when one is stale.
// Not generated at every start: NUKE starts another process for that.
[TestWorkflow("test", Targets = [nameof(ITest.Test)], AutoGenerate = false)]
[ImagesWorkflow(
    "build-images",
    Branches = ["main", "stable/**"],
    Nightly = "23 3 * * *",
    PlanTargets = [nameof(IAffected.Affected)],
    NightlyPlanTargets = [nameof(IStale.Stale)],
    NightlyTargets = [nameof(IOutdated.Outdated)],
    FetchTargets = [nameof(IPrefetch.Prefetch)],
    BaseTargets = [nameof(IBuildBase.BuildBase)],
    BuildTargets = [nameof(IBuildService.BuildService), nameof(ITestImage.TestImage)],
    SourceTestTargets = [nameof(ITestSource.TestSource)],
    CompleteSetTargets = [nameof(IBuildService.BuildService)],
    SetTargets = [nameof(ITestSet.TestSet)],
    CompareTargets = [nameof(ISbom.Sbom), nameof(ISbomDiff.SbomDiff), "--skip"],
    ReviewTargets = [nameof(IConstraintDiff.ConstraintDiff), nameof(ICheckPatches.CheckPatches)],
    PublishTargets = [nameof(IJoin.Join), nameof(ITags.Tags), nameof(ISbom.Sbom), nameof(ISign.Sign),
        nameof(IPush.Push), nameof(IVerify.Verify)],
    PackageTargets = [nameof(IPackage.Package), nameof(ITestPackage.TestPackage)],
    PublishPackageTargets = [nameof(IPushPackages.PushPackages), nameof(IVerifyPackages.VerifyPackages)],
    ReportTargets = [nameof(IReport.Report)],
    PublishReportTargets = [nameof(IPublishReport.PublishReport)],
    ReproduceTargets = [nameof(IReproduce.Reproduce)],
    BaseImage = BaseImages.PythonBase,
    AutoGenerate = false)]
[UpdateWorkflow("update", Schedule = "43 4 * * *", Targets = [nameof(IUpdate.Update)], AutoGenerate = false)]
[PruneWorkflow("prune", Schedule = "11 5 * * 0", Targets = [nameof(IPrune.Prune)], AutoGenerate = false)]
partial class Build;
