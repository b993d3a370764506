using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Oci;
using OpenStack.Outcomes;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Selection;

/// <summary>
/// Where everything of one component × release lives: <c>artifacts/&lt;release&gt;/&lt;component&gt;/</c>.
/// </summary>
sealed record Workspace(AbsolutePath Artifacts, string Component, Release Release)
{
    /// <summary>As runs name it.</summary>
    public ReleasedComponent Name => new(Component, Release.Name);

    public AbsolutePath Directory => Artifacts / Release.Name / Component;

    [DescribedFile("ResolveRefs: the ref, its kind, the commit, the remote")]
    public AbsolutePath RefsFile => Directory / "refs.json";

    [DescribedFile("Checkout: the tree of the commit, and its version as PBR computes it (`source.json`)")]
    public AbsolutePath CheckoutDirectory => Directory / "checkout";

    [DescribedFile("Patch: the tree with the patches, sealed as one commit")]
    public AbsolutePath SourceDirectory => Directory / "source";

    [DescribedFile("Patch: what that tree is made of; of each patch the subject, the author, bugs and CVE ids")]
    public AbsolutePath SealedFile => SourceDirectory / "sealed.json";

    [DescribedFile("Constrain: `constraints.txt`, which the image is built with, and "
        + "`build-constraints.txt` for what builds wheels")]
    public AbsolutePath ConstraintsDirectory => Directory / "constraints";

    [DescribedFile("What is built for one platform: the image's `image/` and `inputs.json`; `build.log` is the "
        + "whole output of BuildKit")]
    public AbsolutePath PlatformDirectory(string platform) => Directory / "platforms" / PlatformName.ForFiles(platform);

    [DescribedFile("FetchDistributions, of a service: what indexes of one's own have of what it may install; "
        + "`distributions-of-indexes.json` says where each file is from")]
    public AbsolutePath DistributionsDirectory(string platform) =>
        PlatformDirectory(platform) / "distributions-of-indexes";

    [DescribedFile("The same with what its tests want, where TestSource runs them")]
    public AbsolutePath TestDistributionsDirectory(string platform) =>
        PlatformDirectory(platform) / "test-distributions-of-indexes";

    [DescribedFile("BuildLibraries, of a library: its wheel")]
    public AbsolutePath WheelDirectory(string platform) => PlatformDirectory(platform) / "wheel";

    [DescribedFile("BuildLibraries, of a service: the wheels of its release's libraries")]
    public AbsolutePath LibrariesDirectory(string platform) => PlatformDirectory(platform) / "libraries";

    [DescribedFile("Package: the packages of a service, a directory per format, each with its SBOM (`.cdx.json`); "
        + "`build.log` is the whole output of BuildKit")]
    public AbsolutePath PackagesDirectory(string platform) =>
        Directory / "packages" / PlatformName.ForFiles(platform);

    public override string ToString() => $"{Name}";
}
