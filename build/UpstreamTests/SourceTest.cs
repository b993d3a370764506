using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>Upstream's own tests of one component of an image, and everything that they run on.</summary>
/// <param name="Component">The service, or a library of its image that is built from source.</param>
/// <param name="Image">The image that it is part of.</param>
/// <param name="Distribution">Its Python distribution.</param>
/// <param name="SourceDirectory">Its sealed tree.</param>
/// <param name="SourceDigest">Digest of everything that the sealed tree depends on.</param>
/// <param name="CheckoutDirectory">The tree without patches.</param>
/// <param name="Patches">Its patches.</param>
/// <param name="Tests">How they run.</param>
/// <param name="Directory">Where the image that they run in, and what comes of it, are kept.</param>
public sealed record SourceTest(string Component, PythonImage Image, string Distribution, AbsolutePath SourceDirectory,
    string SourceDigest, AbsolutePath CheckoutDirectory, PatchSeries Patches, TestSettings Tests,
    AbsolutePath Directory)
{
    /// <summary>The image directory of what they run in.</summary>
    public const string ImageName = "source-test";

    /// <summary>System packages that the tests want.</summary>
    public IReadOnlyList<string> AptPackages { get; init; } = [];

    /// <summary>Wheels to install what they want from; null for an index.</summary>
    public AbsolutePath? Wheelhouse { get; init; }

    /// <summary>
    /// Pins that <see cref="Wheelhouse"/> has of what they want; null where the constraints have them.
    /// </summary>
    public AbsolutePath? Pins { get; init; }

    /// <summary>The servers that the tests look for.</summary>
    public ServiceSet Servers { get; init; } = ServiceSet.Empty;

    public AbsolutePath LayoutDirectory => Directory / "image";

    public AbsolutePath StatesDirectory => Directory / "patches";

    [DescribedFile("TestSource: each test of a component and what came of it (JUnit)")]
    public AbsolutePath JUnitFile => Directory / "junit.xml";

    [DescribedFile("TestSource: the same as the runner tells it (subunit, version 2)")]
    public AbsolutePath SubunitFile => Directory / "results.subunit";

    [DescribedFile("TestSource: what each server that the tests look for has printed, as it came")]
    public AbsolutePath Logs => Directory / "logs";

    /// <summary>What the engine knows it by.</summary>
    public string Name => $"openstack-images/source-test-{Image.Service}-{Component}:{Image.Release}";

    public Stage StatesStage
    {
        get
        {
            var inputs = new StageInputs().Add("checkout", Digest.OfFile(CheckoutDirectory.Parent! / "source.json"));
            foreach (var file in Patches.Files) inputs.Add(Patches.Label(file), Digest.OfFile(file));
            return new Stage(StatesDirectory, inputs);
        }
    }

    public Dictionary<string, string> Args => new()
    {
        ["DISTRIBUTION"] = Distribution,
        ["REQUIREMENTS"] = string.Join(' ', Requirements),
        ["PINS"] = Pins?.Name ?? "",
        ["LEAVE_OUT"] = string.Join(' ', Tests.LeftOut),
        ["EXTRAS"] = string.Join(',', Tests.Extras),
        ["PACKAGES"] = string.Join(' ', Tests.Packages),
        ["APT_PACKAGES"] = string.Join(' ', AptPackages),
    };

    /// <summary>The files of requirements that its tree has of those that are asked for.</summary>
    public IReadOnlyList<string> Requirements =>
        [.. Tests.Requirements.Where(x => File.Exists(SourceDirectory / x))];

    /// <summary>Whether anything says what they want; at least what runs them has to come from somewhere.</summary>
    public bool SaysWhatItWants => Requirements.Count + Tests.Packages.Count > 0;

    public Stage StageOf(ImageSettings settings, OciLayout image, string venvBuilder)
    {
        var inputs = settings.InputsOf(ImageName, Image.CommitTime)
            .Add("image.digest", image.Digest)
            .Add("builder.digest", venvBuilder)
            .Add("source.digest", SourceDigest)
            .Add("patches.digest", Digest.OfDirectory(StatesDirectory))
            .Add("constraints.digest", Digest.OfDirectory(Image.ConstraintsDirectory));
        if (Pins is not null) inputs.Add("pins", Digest.OfFile(Pins));
        if (Wheelhouse is not null) inputs.Add("wheelhouse.digest", RememberedDigest.OfDirectory(Wheelhouse));
        foreach (var (name, value) in Args) inputs.Add($"arg.{name}", value);
        return new Stage(LayoutDirectory, inputs);
    }

    public override string ToString() => Component == Image.Service
        ? $"{Component} {Image.Release}"
        : $"{Component} of {Image.Service} {Image.Release}";
}
