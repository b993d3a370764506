using Nuke.Common.CI.GitHubActions;
using Nuke.Common.CI.GitHubActions.Configuration;
using OpenStack.Catalog;

namespace OpenStack.Workflows;

/// <summary>
/// Generates the workflow that builds images and publishes them: plan what a change concerns, build the base images and
/// then each image per platform on a native runner, join the platforms, and publish. How many jobs there are, the one
/// that plans says.
/// </summary>
/// <remarks>
/// Layer caches: GitHub keeps 10 GB per repository and drops what was not used the longest. Eight services, three
/// releases and two platforms are 48 scopes of 115 MB (Keystone's, as it is stored), and each platform's base images
/// one of 320 MB: 6.2 GB. Only pushes keep caches, so that no pull request pushes them out, or puts anything into one.
/// </remarks>
/// <param name="name">Name of the workflow and of its file.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed partial class ImagesWorkflowAttribute(string name) : WorkflowAttribute(name)
{
    const string IsPullRequest = "github.event_name == 'pull_request'";
    const string IsNoPullRequest = "github.event_name != 'pull_request'";
    const string IsNightly = "github.event_name == 'schedule'";
    const string IsNotNightly = "github.event_name != 'schedule'";
    const string IsHermetic = "matrix.hermetic == 'true'";
    const string IsPush = "github.event_name == 'push'";

    /// <summary>Packages are made where the repository's settings say who serves them.</summary>
    const string HasPackages = "vars.PACKAGE_REPOSITORY != ''";

    /// <summary>A report is published where the repository's settings say as which branch.</summary>
    const string HasReport = "vars.REPORT_BRANCH != ''";

    /// <summary>Upstream's own tests run where the repository's settings say which.</summary>
    const string HasSourceTests = "vars.SOURCE_TESTS != ''";

    /// <summary>
    /// What a run is compared with. A pull request is checked out as its merge into the base, whose first parent is the
    /// base as it is merged with: what <c>pull_request.base.sha</c> names may be older, and what others merged since is
    /// not the pull request's. What a forced push replaced is in no clone any more, and everything counts.
    /// </summary>
    const string Earlier = "${{ github.event_name == 'pull_request' && 'HEAD^1' || !github.event.forced && "
        + "github.event.before || '' }}";

    /// <summary>Where BuildKit's cache is between two runs, relative to the repository.</summary>
    const string Cache = ".nuke/temp/build-cache";

    /// <summary>By which a base image's artifact and cache are known.</summary>
    const string Bases = "bases-${{ matrix.platform-name }}";

    /// <summary>Signing without a key needs an identity, publishing needs the registry.</summary>
    static readonly (string, string)[] s_publishing = [("contents", "read"), ("id-token", "write"),
        ("packages", "write")];

    /// <summary>Whose images these are. Names of images have no capitals, the build sees to that.</summary>
    static readonly (string, string) s_registry = ("NUKE_REGISTRY", "ghcr.io/${{ github.repository_owner }}");

    /// <summary>Whose images these are, and how their registry is entered.</summary>
    internal static readonly (string, string)[] RegistryAccess = [s_registry, ("GITHUB_TOKEN", "${{ github.token }}")];

    /// <summary>Who signs: this workflow (docs.sigstore.dev, "OIDC in Fulcio", job_workflow_ref).</summary>
    static readonly (string, string)[] s_identity =
    [
        ("NUKE_CERTIFICATE_IDENTITY", "${{ github.server_url }}/${{ github.workflow_ref }}"),
        ("NUKE_CERTIFICATE_OIDC_ISSUER", "https://token.actions.githubusercontent.com"),
    ];

    static readonly (string, string)[] s_image = [("NUKE_SERVICE", "${{ matrix.service }}"),
        ("NUKE_RELEASE", "${{ matrix.release }}")];

    static readonly (string, string) s_platform = ("NUKE_PLATFORM", "${{ matrix.platform }}");

    /// <summary>
    /// No secret of a workflow that strangers can start: keys are files of the runner that serves packages, and what
    /// opens them is in its environment. A parameter without a value is refused, and a key that no format asks for is
    /// not looked at.
    /// </summary>
    static readonly (string, string)[] s_packageRepository =
    [
        ("NUKE_PACKAGE_REPOSITORY", "${{ vars.PACKAGE_REPOSITORY }}"),
        ("NUKE_PACKAGE_KEY", "${{ vars.PACKAGE_KEY || 'PACKAGE_KEY-is-not-set' }}"),
        ("NUKE_PACKAGE_APK_KEY", "${{ vars.PACKAGE_APK_KEY || 'PACKAGE_APK_KEY-is-not-set' }}"),
    ];

    static readonly (string, string) s_packageFormat = ("NUKE_PACKAGE_FORMAT", "${{ vars.PACKAGE_FORMAT || 'deb' }}");

    static readonly (string, string) s_hermetic = ("NUKE_HERMETIC", "${{ matrix.hermetic }}");

    ReleaseCatalog? _catalog;

    /// <summary>Branches whose images are published.</summary>
    public string[] Branches { get; set; } = [];

    /// <summary>When stale images are looked for and built again (POSIX cron, UTC).</summary>
    public string Nightly { get; set; } = "";

    /// <summary>Say which images a change concerns.</summary>
    public string[] PlanTargets { get; set; } = [];

    /// <summary>Say which images are stale though nothing changed here.</summary>
    public string[] NightlyPlanTargets { get; set; } = [];

    /// <summary>Run every night besides.</summary>
    public string[] NightlyTargets { get; set; } = [];

    /// <summary>Build the base images for one platform.</summary>
    public string[] BaseTargets { get; set; } = [];

    /// <summary>Build an image for one platform and test it.</summary>
    public string[] BuildTargets { get; set; } = [];

    /// <summary>Run upstream's own tests in an image that was built.</summary>
    public string[] SourceTestTargets { get; set; } = [];

    /// <summary>Build what a set of services takes and this run does not build.</summary>
    public string[] CompleteSetTargets { get; set; } = [];

    /// <summary>Test images together.</summary>
    public string[] SetTargets { get; set; } = [];

    /// <summary>Say how an image of a pull request differs from the one that is published.</summary>
    public string[] CompareTargets { get; set; } = [];

    /// <summary>Judge a pull request without building anything.</summary>
    public string[] ReviewTargets { get; set; } = [];

    /// <summary>Join the platforms of an image, sign and publish it.</summary>
    public string[] PublishTargets { get; set; } = [];

    /// <summary>Make packages for one platform and test them.</summary>
    public string[] PackageTargets { get; set; } = [];

    /// <summary>Add packages to the repository that the runner serves.</summary>
    public string[] PublishPackageTargets { get; set; } = [];

    /// <summary>Fetch what an image is built from that is locked.</summary>
    public string[] FetchTargets { get; set; } = [];

    /// <summary>Gather what a report says of an image that was published.</summary>
    public string[] ReportTargets { get; set; } = [];

    /// <summary>Publish the report of all images.</summary>
    public string[] PublishReportTargets { get; set; } = [];

    /// <summary>Build again what was published.</summary>
    public string[] ReproduceTargets { get; set; } = [];

    /// <summary>Name of the base image, as a service is selected.</summary>
    public string BaseImage { get; set; } = "";

    /// <summary>
    /// A new push to a pull request ends the run of the one before. What is to be published waits for nothing here, as
    /// GitHub drops all but one that wait.
    /// </summary>
    protected override string Group =>
        "${{ github.workflow }}-${{ github.event.pull_request.number || github.run_id }}";

    protected override bool EndsEarlier => true;

    ReleaseCatalog Catalog => _catalog ??= CatalogLoader.Load(Build.RootDirectory);

    protected override IEnumerable<GitHubActionsDetailedTrigger> Triggers()
    {
        return
        [
            TriggerOf(GitHubActionsTrigger.Push, Branches),
            TriggerOf(GitHubActionsTrigger.PullRequest),
            new GitHubActionsScheduledTrigger { Cron = Nightly },
            new ChoiceTrigger
            {
                Choices =
                [
                    ("service", "Service to build", ["all", .. Catalog.Services]),
                    ("release", "Release to build", ["all", .. Catalog.Releases.Keys]),
                ],
            },
        ];
    }

    protected override IEnumerable<WorkflowJob> Jobs(WorkflowActions actions)
    {
        var images = Catalog.Select(["all"], ["all"]).Count;
        var builds = Enumerable.Range(1, BuildMatrix.ChunksOf(images * BuildPlatforms.Read(Build.RootDirectory).Count))
            .Select(x => $"build-{x}")
            .ToList();
        var publications = Enumerable.Range(1, BuildMatrix.ChunksOf(images)).Select(x => $"publish-{x}").ToList();
        var packages = publications.Select((_, i) => $"packages-{i + 1}").ToList();
        var reproductions = builds.Select((_, i) => $"reproduce-{i + 1}").ToList();
        return
        [
            Plan(actions, ["bases", "platforms", "hermetic", .. builds, "sets", .. publications, .. reproductions]),
            Beside(actions, "nightly", string.Join(", ", NightlyTargets), IsNightly, NightlyTargets),
            Beside(actions, "review", string.Join(", ", ReviewTargets), IsPullRequest, ReviewTargets),
            BuildBases(actions),
            .. builds.Select(x => BuildImages(x, actions)),
            TestSets(actions, builds),
            PublishBases(actions, builds),
            .. publications.Select(x => PublishImages(x, actions)),
            PublishReport(actions, publications),
            .. packages.Select((x, i) => PublishPackages(x, publications[i], actions)),
            .. reproductions.Select(x => ReproduceImages(x, publications, actions)),
        ];
    }
}
