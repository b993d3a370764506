using System.Globalization;
using OpenStack.Images;

namespace OpenStack.Sbom;

/// <summary>A component that an image is built from and that is no Python distribution.</summary>
/// <param name="IsService">Whether it is what the image is for; else it is linked into that.</param>
/// <param name="Remote">Where it comes from.</param>
sealed record NativeSource(string Name, string Version, string Remote, bool IsService)
{
    /// <summary>What the build knows of it; null where an image alone is looked at.</summary>
    public BuiltSource? Built { get; init; }

    public string Purl => Built?.PurlOf(Version, isThat: Built.Tree.Patches.Count == 0)
        ?? Sbom.Purl.OfRepository(Name, Version, Remote);

    public static NativeSource Of(BuiltSource built) => new(
        built.Tree.Source.Distribution, built.Tree.Source.Version, built.Ref.Remote, built.IsService)
    { Built = built };

    /// <summary>Those that the inputs of an image name; none of a Python image.</summary>
    /// <param name="name">As the image is called, and so its component.</param>
    public static IReadOnlyList<NativeSource> In(string name, IReadOnlyDictionary<string, string> inputs) =>
        !inputs.TryGetValue(NativeImage.VersionInput, out var version) ? []
        : [new NativeSource(name, version, inputs.GetValueOrDefault("source.remote", ""), IsService: true),
            .. inputs.Where(x => x.Key.StartsWith(NativeImage.TreeInput, StringComparison.Ordinal))
                .Select(x => (Name: x.Key[NativeImage.TreeInput.Length..], Words: x.Value.Split(' ', 2)))
                .Where(x => x.Words.Length == 2)
                .Select(x => new NativeSource(x.Name, x.Words[0], x.Words[1], IsService: false))];

    /// <summary>How many layers of the image are its base's; null where the inputs do not say.</summary>
    public static int? BaseLayersIn(IReadOnlyDictionary<string, string> inputs) =>
        int.TryParse(inputs.GetValueOrDefault(NativeImage.BaseLayersInput), NumberStyles.None,
            CultureInfo.InvariantCulture, out var count) ? count : null;
}
