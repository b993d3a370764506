using Nuke.Common.IO;

namespace OpenStack.Catalog;

/// <summary>What the repository says: releases, images and patches.</summary>
/// <param name="Root">The repository.</param>
/// <param name="Releases">By name, oldest first.</param>
/// <param name="ImageData">
/// What the images have of their own, by name: one for each directory <c>images/&lt;name&gt;/</c> that holds a
/// Dockerfile.
/// </param>
/// <param name="SystemPackages">The lines of <c>images/bindep.txt</c>.</param>
/// <param name="Patches">All patches of all releases.</param>
public sealed record ReleaseCatalog(
    AbsolutePath Root,
    IReadOnlyDictionary<string, Release> Releases,
    IReadOnlyDictionary<string, ImageData> ImageData,
    IReadOnlyList<BindepLine> SystemPackages,
    PatchCatalog Patches)
{
    /// <summary>Services that are selected together, by the name of their group.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Names of the directories <c>images/&lt;name&gt;/</c> that hold a Dockerfile, sorted.</summary>
    public IReadOnlyList<string> Images => [.. ImageData.Keys];

    /// <summary>The components of any release that have an image, sorted. The other components are libraries.</summary>
    public IReadOnlyList<string> Services =>
        [.. Images.Where(x => Releases.Values.Any(r => r.SourceRefs.ContainsKey(x)))];

    /// <summary>What each image says of sets of services.</summary>
    public IReadOnlyDictionary<string, SetData> Sets => ImageData.ToDictionary(x => x.Key, x => x.Value.Set);

    /// <summary>All components of all releases, sorted.</summary>
    public IReadOnlyList<string> Components =>
        [.. Releases.Values.SelectMany(x => x.SourceRefs.Keys)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    /// <summary>
    /// The components of a release that have no image, and are no plugins of one, sorted: libraries that are built from
    /// source for all of its images.
    /// </summary>
    public IReadOnlyList<string> LibrariesOf(Release release) =>
        [.. release.SourceRefs.Keys.Except(Images, StringComparer.Ordinal)
            .Except(release.ExtraPackages.Values.SelectMany(x => x.Plugins), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    /// <summary>What the source of a component is: a plugin is of the kind of its image, a library is Python.</summary>
    public ImageKind KindOf(string component) => ImageData.GetValueOrDefault(component)?.Kind
        ?? Releases.Values.SelectMany(x => x.ExtraPackages).Where(x => x.Value.Plugins.Contains(component))
            .Select(x => ImageData.GetValueOrDefault(x.Key)?.Kind).FirstOrDefault() ?? ImageKind.Python;

    /// <summary>
    /// What is built from source for the image of a service: its own plugins, and, where it is Python, those.
    /// </summary>
    public IReadOnlyList<string> LibrariesOf(Release release, string service) =>
        [.. (KindOf(service) == ImageKind.Python ? LibrariesOf(release) : [])
            .Union(release.PackagesOf(service).Plugins, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The system packages of images, on one distribution.</summary>
    /// <param name="distribution">Distribution and codename, as in <c>ubuntu-noble</c>.</param>
    /// <param name="images">The image, and those that are part of it.</param>
    public IReadOnlyList<string> SystemPackagesOf(string distribution, params IReadOnlyList<string> images) =>
        Bindep.Select(SystemPackages, BindepPlatform.Of(distribution, [.. images.Select(ProfileOf)]));

    /// <summary>
    /// The profile that stands for an image in <c>images/bindep.txt</c>: its name; the base images have shorter ones.
    /// </summary>
    public static string ProfileOf(string image) => image switch
    {
        "python-base" => "base",
        "venv-builder" => "build",
        _ => image,
    };

    /// <summary>All profiles that <c>images/bindep.txt</c> may name for an image.</summary>
    public static IReadOnlyList<string> ProfilesOf(string image, ImageData data)
    {
        string[] own = [ProfileOf(image), .. data.Options.Select(x => ExtraPackages.ProfileOf(image, x))];
        return
        [
            .. own,
            .. own[0] == image ? [TestProfileOf(image)] : Array.Empty<string>(),
            .. data.Kind == ImageKind.Native ? own.Select(BuildProfileOf) : [],
        ];
    }

    /// <summary>The profile that stands for what building a component takes that is no Python distribution.</summary>
    public static string BuildProfileOf(string profile) => $"{profile}-build";

    /// <summary>The profile that stands for what the tests of a component take beside its image.</summary>
    public static string TestProfileOf(string component) => $"{component}-test";

    /// <summary>Directory of an image: its Dockerfile and whatever that image alone needs.</summary>
    public AbsolutePath ImageDirectory(string image) => Root / "images" / image;

    /// <summary>
    /// The images that a user asked for, by release and then by service, in the order given; <c>all</c> stands for
    /// every one, <c>@core</c> for the services of a group, <c>neutron*</c> for those that match.
    /// </summary>
    /// <exception cref="Diagnostics.ProblemException">
    /// A name is unknown, or nothing is left; all mistakes at once.
    /// </exception>
    public IReadOnlyList<SelectedImage> Select(IReadOnlyList<string> services, IReadOnlyList<string> releases) =>
        new Selector(this).Select(services, releases);

    /// <summary>The services that a user asked for, in whatever releases they are.</summary>
    /// <exception cref="Diagnostics.ProblemException">Names that are unknown, all of them.</exception>
    public IReadOnlyList<string> SelectServices(IReadOnlyList<string> services) =>
        new Selector(this).SelectServices(services);

    /// <summary>The releases that a user asked for, in the order given; all of them when none is named.</summary>
    /// <exception cref="Diagnostics.ProblemException">Names that are unknown, all of them.</exception>
    public IReadOnlyList<Release> SelectReleases(IReadOnlyList<string> releases) =>
        new Selector(this).SelectReleases(releases);
}

/// <summary>One image to build: a service of a release.</summary>
public sealed record SelectedImage(string Service, Release Release);
