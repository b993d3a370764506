using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using Nuke.Components;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;

namespace OpenStack.Pipeline.Images;

/// <summary>How images are built: the engine, the images that ours start from, names.</summary>
interface IHazImages : IHazArtifacts, IHazOutcome, IHazHermetic, IHazNetwork
{
    [Parameter("Docker command line: a name on PATH or a file - Default is 'docker'")]
    string Docker => TryGetValue(() => Docker) ?? "docker";

    [Parameter("Image, OCI layout (or directory of one per platform, as in 'linux-arm64') in place of the image that "
        + "images/python-base/Dockerfile starts from")]
    string? BaseImage => TryGetValue(() => BaseImage);

    [Parameter("Image, OCI layout or directory in place of the one that images/venv-builder/Dockerfile takes uv from")]
    string? UvImage => TryGetValue(() => UvImage);

    [Parameter("Distribution that the base image is, for the names of its packages - Default is 'ubuntu-noble'")]
    string Distro => TryGetValue(() => Distro) ?? "ubuntu-noble";

    [Parameter("Registry and namespace that images are named after - Default is 'ghcr.io/c5c3'")]
    string Registry => TryGetValue(() => Registry) ?? "ghcr.io/c5c3";

    [Parameter("Places that have the images of registries, or of namespaces in them, and are asked instead, as in "
        + "'docker.io=mirror.example.org/hub'; what is built and locked still names the registry", Separator = " ")]
    string[] RegistryMirrors => TryGetValue(() => RegistryMirrors) ?? [];

    /// <summary>Where the images are asked for that ours are made of; not where ours are published.</summary>
    /// <exception cref="ProblemException">The parameter says none.</exception>
    RegistryMirrorMap Mirrors => RegistryMirrorMap.Parse(RegistryMirrors);

    [Parameter("Platforms to build for, as in 'linux/amd64 linux/arm64' - Default is that of this machine",
        Separator = " ")]
    string[] Platform => TryGetValue(() => Platform) ?? [];

    /// <summary>The platforms to build for, each once, in the order of their names.</summary>
    /// <exception cref="ProblemException">One is none.</exception>
    IReadOnlyList<string> Platforms => PlatformName.Select(Platform);

    [Parameter("Network of the builds' RUN instructions: 'default', 'host' or 'none'")]
    string? BuildNetwork => TryGetValue(() => BuildNetwork);

    [Parameter("How layers are packed: 'gzip', 'zstd' or 'zstd:<level>' from 1 to 19 - Default is 'gzip'")]
    string Compression => TryGetValue(() => Compression) ?? "gzip";

    [Parameter("Builds from scratch: no cache, base images looked up again, up-to-date images built again")]
    bool NoCache => TryGetValue<bool?>(() => NoCache) ?? false;

    [Parameter("Directory that keeps BuildKit's cache of each image, for machines whose engine keeps "
        + "none, such as those of CI")]
    AbsolutePath? BuildCache => TryGetValue(() => BuildCache);

    AbsolutePath ImagesDirectory => RootDirectory / "images";

    /// <summary>The base image as it is published: of all platforms.</summary>
    BuiltImage PythonBase => BuiltImage.OfPythonBase(ArtifactsDirectory);

    ImageSettings SettingsFor(string platform) => new(ImagesDirectory, platform, RepositoryName.Namespace(Registry))
    {
        Network = Hermetic ? "none" : BuildNetwork,
        Packing = LayerPacking.Parse(Compression),
    };

    /// <summary>The base images of one platform.</summary>
    BaseImages BasesFor(string platform) =>
        new(SettingsFor(platform), BuiltImage.BasesOf(ArtifactsDirectory, platform));

    /// <summary>What images from registries meant when they were looked up.</summary>
    AbsolutePath ExternalImagesFile(string platform) =>
        BuiltImage.BasesOf(ArtifactsDirectory, platform) / "external-images.json";

    /// <summary>How steps of builds get out.</summary>
    /// <exception cref="ProblemException">Parameters say what cannot be.</exception>
    StepNetwork StepNetwork => new(
        // Those of this machine are an offer; what is given has to do, and BuildKit says so where it is too large.
        CaBundle is null && TrustedFile is { } file && new FileInfo(file).Length > StepNetwork.LargestSecret
            ? null : TrustedFile,
        new AptAccess(AptSources, AptKeyring, AptAuth, FileMirrors).Require(), Environment.GetEnvironmentVariable);

    Buildx Buildx => BuildxBehind(Hermetic ? null : StepNetwork);

    /// <param name="network">How steps get out; null where they do not need to.</param>
    Buildx BuildxBehind(StepNetwork? network) => new(DockerProgram, Run.Watch)
    {
        Cache = BuildCache is null ? null : new BuildCache(BuildCache),
        IsClosed = Hermetic,
        Network = network,
        Mirrors = Mirrors,
        Limit = Limit,
    };

    Engine Engine => new(DockerProgram);

    /// <summary>For the summary: what a target has built.</summary>
    void ReportBuilt(IEnumerable<string> built) => ReportSummary(x => x.AddPair("Built",
        string.Join(", ", built.Distinct()) is { Length: > 0 } names ? names : "nothing, up to date"));

    IDisposable TellWaiting(string what) => TellWaitingFor($"builds {what}");

    /// <summary>The system packages of an image, with those of images that are part of it.</summary>
    IReadOnlyList<string> SystemPackagesOf(params IReadOnlyList<string> images) =>
        Run.Catalog.SystemPackagesOf(Distro, images);

    string DockerProgram =>
        Docker.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(Docker, RootDirectory) : Docker;

    /// <summary>The image that the Dockerfile of a base image takes from outside.</summary>
    string ExternalNameOf(string forImage) =>
        SettingsFor(Platforms[0]).DockerfileOf(forImage).ExternalImages.Single();

    /// <summary>What stands in for it, if anything does.</summary>
    string? InsteadOf(string forImage) => forImage == BaseImages.PythonBase ? BaseImage : UvImage;

    /// <summary>
    /// The image that a Dockerfile takes from outside, pinned: the one it names, or what stands in for it.
    /// </summary>
    async Task<ImageReference> ExternalImageAsync(string forImage, string platform)
    {
        var (name, insteadOf) = (ExternalNameOf(forImage), InsteadOf(forImage));
        var image = insteadOf is not null && ImageReference.IsPath(insteadOf)
            ? ImageReference.OfDirectory(Path.GetFullPath(insteadOf, RootDirectory), platform)
            : await ImageReference.OfRegistryAsync(insteadOf ?? name, platform, Buildx,
                ExternalImagesFile(platform), NoCache);
        return image with { Replaces = name };
    }
}
