using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Images;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>Upstream's own tests of one component of an image, and everything that they run on.</summary>
/// <param name="Component">The service, or a library of its image that is built from source.</param>
/// <param name="Image">The image that it is part of.</param>
/// <param name="Distribution">Its Python distribution; null where it is none.</param>
/// <param name="Patches">Its patches, whose tests are told apart.</param>
/// <param name="Tests">How they run.</param>
/// <param name="Directory">Where the image that they run in, and what comes of it, are kept.</param>
public abstract record SourceTest(string Component, ServiceImage Image, string? Distribution, PatchSeries Patches,
    TestSettings Tests, AbsolutePath Directory)
{
    /// <summary>System packages that the tests want.</summary>
    public IReadOnlyList<string> AptPackages { get; init; } = [];

    /// <summary>The servers that the tests look for.</summary>
    public ServiceSet Servers { get; init; } = ServiceSet.Empty;

    public AbsolutePath LayoutDirectory => Directory / "image";

    public AbsolutePath StatesDirectory => Directory / "patches";

    [DescribedFile("TestSource: each test of a component and what came of it (JUnit)")]
    public AbsolutePath JUnitFile => Directory / "junit.xml";

    [DescribedFile("TestSource: the same as the runner tells it (subunit, version 2), where it does")]
    public AbsolutePath SubunitFile => Directory / "results.subunit";

    [DescribedFile("TestSource: what each server that the tests look for has printed, as it came")]
    public AbsolutePath Logs => Directory / "logs";

    /// <summary>What the engine knows it by.</summary>
    public string Name => $"openstack-images/source-test-{Image.Service}-{Component}:{Image.Release}";

    /// <summary>Where the tests find the tree.</summary>
    public abstract string Tree { get; }

    /// <summary>Where they run, beside the network.</summary>
    /// <param name="place">A place with the network that they are to have.</param>
    public abstract ContainerPlace PlaceIn(ContainerPlace place);

    /// <summary>The image that they run in, and all that it depends on.</summary>
    public abstract Stage StageOf(ImageSettings settings, BaseImages bases);

    /// <summary>What BuildKit makes it of.</summary>
    /// <param name="layout">Where it goes.</param>
    public abstract BakeTarget TargetOf(ImageSettings settings, BaseImages bases, AbsolutePath layout);

    public sealed override string ToString() => Component == Image.Service
        ? $"{Component} {Image.Release}"
        : $"{Component} of {Image.Service} {Image.Release}";
}
