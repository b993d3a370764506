using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Images;

/// <summary>
/// An image that is published: that of a service, or <c>python-base</c>, which all others are built on.
/// </summary>
/// <param name="Name">As its repository is called.</param>
/// <param name="Directory">Holds the image of all platforms, and what is made of it.</param>
/// <param name="Service">The service × release; null of <c>python-base</c>.</param>
sealed record BuiltImage(string Name, AbsolutePath Directory, Workspace? Service)
{
    public const string SourceTestResultName = "source-test-result.json";
    public const string PatchTestResultName = "patch-test-result.json";

    public static BuiltImage Of(Workspace workspace) => new(workspace.Component, workspace.Directory, workspace);

    /// <param name="artifacts"><c>artifacts/</c>, whose <c>base/</c> holds the base images.</param>
    public static BuiltImage OfPythonBase(AbsolutePath artifacts) =>
        new(BaseImages.PythonBase, artifacts / "base" / BaseImages.PythonBase, null);

    /// <summary>Where the base images of one platform are.</summary>
    public static AbsolutePath BasesOf(AbsolutePath artifacts, string platform) =>
        artifacts / "base" / "platforms" / PlatformName.ForFiles(platform);

    /// <summary>Where its image of one platform is, with the record of what that was built from.</summary>
    public AbsolutePath PartOf(string platform) =>
        Service?.PlatformDirectory(platform) ?? BasesOf(Directory.Parent!.Parent!, platform) / Name;

    [DescribedFile("TestImage: what was checked and what came of it, an in-toto statement (test-result) of this very "
        + "image, which Sign takes up")]
    public AbsolutePath TestResultOf(string platform) => PartOf(platform) / "test-result.json";

    [DescribedFile("TestSource: what upstream's own tests have shown of this very image, a statement like that of "
        + "TestImage, with which Sign joins it")]
    public AbsolutePath SourceTestResultOf(string platform) => PartOf(platform) / SourceTestResultName;

    [DescribedFile("TestSource --only-patches: the same of the tests of patches alone, where all have not run since")]
    public AbsolutePath PatchTestResultOf(string platform) => PartOf(platform) / PatchTestResultName;

    [DescribedFile("TestSet: what this very image has shown beside others, and Tempest of all of them; a statement "
        + "like that of TestImage, with which Sign joins it")]
    public AbsolutePath SetTestResultOf(string platform) => PartOf(platform) / "set-test-result.json";

    [DescribedFile("BuildService, Join: the image, OCI image layout 1.0; of several platforms an index")]
    public AbsolutePath LayoutDirectory => Directory / "image";

    [DescribedFile("BuildService, Join: everything that the digest depends on; compare two of "
        + "them when two digests differ")]
    public AbsolutePath InputsFile => Directory / "inputs.json";

    [DescribedFile("Sbom: CycloneDX (`--cyclonedx-version`), a document per platform, which says what it cannot tell")]
    public AbsolutePath SbomDirectory => Directory / "sbom";

    [DescribedFile("Scan: VEX of what patches mend, Grype's findings as JSON and SARIF")]
    public AbsolutePath ScanDirectory => Directory / "scan";

    [DescribedFile("Push: what the image brings that the one has not which its tag led to before "
        + "(`release-notes.json`, `release-notes.md`), and the bundle that is attached")]
    public AbsolutePath NotesDirectory => Directory / "notes";

    [DescribedFile("Tags: the repository and the tags of a publication, and which of them move")]
    public AbsolutePath TagsFile => Directory / "tags.json";

    [DescribedFile("Sign: provenance (`provenance-<os>-<arch>.json`), what patches mend (`vex-…`, `openvex-…`), the "
        + "test result (`test-result-…`), Sigstore bundles (`*.sigstore.json`), and which "
        + "belongs to what (`bundles.json`)")]
    public AbsolutePath SignaturesDirectory => Directory / "signatures";

    [DescribedFile("Push: what was published last; delete it to have everything looked at again")]
    public AbsolutePath PublishedFile => Directory / "published.json";

    public bool IsBuilt => Path.Exists(LayoutDirectory);

    /// <exception cref="Diagnostics.ProblemException">It is not there.</exception>
    public OciLayout Open() => OciLayout.Open(Inputs.Require(LayoutDirectory,
        Service is null ? nameof(IBuildBase.BuildBase) : nameof(IBuildService.BuildService)));

    /// <exception cref="Diagnostics.ProblemException">They are not there.</exception>
    public PublishedTags ReadTags() => PublishedTags.Read(Inputs.Require(TagsFile, nameof(ITags.Tags)));

    public Task<bool> JoinAsync(IReadOnlyList<string> platforms) =>
        JoinedImage.MakeAsync(Directory, platforms.ToDictionary(x => x, PartOf));

    public override string ToString() => Service?.ToString() ?? Name;
}
