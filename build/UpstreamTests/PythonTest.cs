using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>
/// Upstream's own tests of a Python distribution: they run in what ships, with what they want on top.
/// </summary>
/// <param name="Python">The image that it is part of.</param>
/// <param name="Distribution">Its Python distribution.</param>
/// <param name="SourceDirectory">Its sealed tree.</param>
/// <param name="SourceDigest">Digest of everything that the sealed tree depends on.</param>
/// <param name="CheckoutDirectory">The tree without patches.</param>
/// <inheritdoc cref="SourceTest"/>
public sealed record PythonTest(string Component, PythonImage Python, string Distribution, AbsolutePath SourceDirectory,
    string SourceDigest, AbsolutePath CheckoutDirectory, PatchSeries Patches, TestSettings Tests,
    AbsolutePath Directory) : SourceTest(Component, Python, Distribution, Patches, Tests, Directory)
{
    /// <summary>The image directory of what they run in.</summary>
    public const string ImageName = "source-test";

    static readonly Dictionary<string, string[]> s_needed = new()
    {
        ["constraints"] = ["constraints.txt"],
        ["patches"] = [PatchStates.ListName],
    };

    /// <summary>Wheels to install what they want from; null for an index.</summary>
    public AbsolutePath? Wheelhouse { get; init; }

    /// <summary>
    /// Pins that <see cref="Wheelhouse"/> has of what they want; null where the constraints have them.
    /// </summary>
    public AbsolutePath? Pins { get; init; }

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
        ["DISTRIBUTION"] = Distribution!,
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

    public override string Tree => "/source";

    public override ContainerPlace PlaceIn(ContainerPlace place) => place.ReadOnly;

    public override Stage StageOf(ImageSettings settings, BaseImages bases)
    {
        var inputs = settings.InputsOf(ImageName, Image.CommitTime)
            .Add("image.digest", OciLayout.Open(Image.LayoutDirectory).Digest)
            .Add("builder.digest", bases.Open(BaseImages.VenvBuilder).Digest)
            .Add("source.digest", SourceDigest)
            .Add("patches.digest", Digest.OfDirectory(StatesDirectory))
            .Add("constraints.digest", Digest.OfDirectory(Python.ConstraintsDirectory));
        if (Pins is not null) inputs.Add("pins", Digest.OfFile(Pins));
        if (Wheelhouse is not null) inputs.Add("wheelhouse.digest", RememberedDigest.OfDirectory(Wheelhouse));
        foreach (var (name, value) in Args) inputs.Add($"arg.{name}", value);
        return new Stage(LayoutDirectory, inputs);
    }

    public override BakeTarget TargetOf(ImageSettings settings, BaseImages bases, AbsolutePath layout)
    {
        var contexts = new Dictionary<string, string>
        {
            ["image"] = OciLayout.Open(Image.LayoutDirectory).Context,
            [BaseImages.VenvBuilder] = bases.Open(BaseImages.VenvBuilder).Context,
            ["source"] = SourceDirectory,
            ["patches"] = StatesDirectory,
            ["constraints"] = Python.ConstraintsDirectory,
        };
        if (Pins is not null) contexts["pins"] = Pins.Parent!;
        if (Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = Wheelhouse;
        if (Python.LibrariesDirectory is { } libraries) contexts["libraries"] = libraries;
        var target = settings.TargetOf(ImageName, Image.CommitTime, layout, contexts, args: Args);
        settings.RequireContexts(ImageName, [target], s_needed);
        return target;
    }
}
