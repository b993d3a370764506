using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// The image of a component that is no Python distribution: what its own Dockerfile makes of its source, with the
/// packages that this takes, which are not in the image.
/// </summary>
/// <inheritdoc cref="ServiceImage"/>
public sealed record NativeImage(
    string Service,
    string Release,
    string Version,
    string Revision,
    string Remote,
    DateTimeOffset CommitTime,
    AbsolutePath SourceDirectory,
    string SourceDigest)
    : ServiceImage(Service, Release, Version, Revision, Remote, CommitTime, SourceDirectory, SourceDigest)
{
    /// <summary>What every one of them begins with.</summary>
    public const string SharedName = "native";

    /// <summary>Packages of the distribution that building it takes.</summary>
    public required IReadOnlyList<string> BuildPackages { get; init; }

    /// <summary>The input that says the version; what each tree is, follows the other.</summary>
    public const string VersionInput = "arg.VERSION", TreeInput = "tree.";

    /// <summary>How many layers, from below, are the base image's: what lies in them is not the component's.</summary>
    public const string BaseLayersInput = "base.layers";

    /// <summary>Further trees that it is built from.</summary>
    public IReadOnlyList<NativeTree> Trees { get; init; } = [];

    public override string Shared => SharedName;

    public override Dictionary<string, string> Contexts =>
        Trees.Select(x => KeyValuePair.Create(x.Component, x.Directory.ToString()))
            .Prepend(new("source", SourceDirectory)).ToDictionary();

    public override Dictionary<string, string> Args => new(base.Args)
    {
        ["BUILD_PACKAGES"] = string.Join(' ', BuildPackages),
        ["OPTIONS"] = string.Join(' ', Options),
        ["VERSION"] = Version,
    };

    protected override void AddTo(StageInputs inputs, OciLayout pythonBase)
    {
        inputs.Add(BaseLayersInput, $"{pythonBase.ReadManifest().Layers.Count}");
        foreach (var tree in Trees)
            inputs.Add($"{TreeInput}{tree.Component}", tree.ToString()).Add($"{TreeInput}{tree.Component}.digest",
                tree.Digest);
    }
}

/// <summary>A further sealed tree that an image is built from.</summary>
/// <param name="Component">Its component, which is the name of its context.</param>
/// <param name="Version">Its version.</param>
/// <param name="Remote">Where it comes from, as the world knows it.</param>
/// <param name="Digest">Of everything that it depends on.</param>
public sealed record NativeTree(
    string Component, string Version, string Remote, AbsolutePath Directory, string Digest)
{
    /// <summary>What it is, as an input: version and place.</summary>
    public override string ToString() => $"{Version} {Remote}";
}
