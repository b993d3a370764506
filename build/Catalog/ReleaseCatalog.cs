using Nuke.Common.IO;

namespace OpenStack.Catalog;

/// <summary>What the repository says: releases, images and patches.</summary>
/// <param name="Root">The repository.</param>
/// <param name="Releases">By name, oldest first.</param>
/// <param name="Images">Names of the directories <c>images/&lt;name&gt;/</c> that hold a Dockerfile, sorted.</param>
/// <param name="Patches">All patches of all releases.</param>
public sealed record ReleaseCatalog(
    AbsolutePath Root,
    IReadOnlyDictionary<string, Release> Releases,
    IReadOnlyList<string> Images,
    PatchCatalog Patches)
{
    /// <summary>The components of any release that have an image, sorted. The other components are libraries.</summary>
    public IReadOnlyList<string> Services => [.. Images.Where(x => Releases.Values.Any(r => r.SourceRefs.ContainsKey(x)))];

    /// <summary>All components of all releases, sorted.</summary>
    public IReadOnlyList<string> Components =>
        [.. Releases.Values.SelectMany(x => x.SourceRefs.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The components of a release that have no image, sorted: libraries that are built from source for its images.</summary>
    public IReadOnlyList<string> LibrariesOf(Release release) => [.. release.SourceRefs.Keys.Except(Images, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Directory of an image: its Dockerfile and whatever that image alone needs.</summary>
    public AbsolutePath ImageDirectory(string image) => Root / "images" / image;

    /// <summary>
    /// The images that a user asked for, by release and then by service, in the order given; <c>all</c> stands for every one.
    /// </summary>
    /// <exception cref="Diagnostics.ProblemException">A name is unknown, or nothing is left; all mistakes at once.</exception>
    public IReadOnlyList<Selection> Select(IReadOnlyList<string> services, IReadOnlyList<string> releases) =>
        new Selector(this).Select(services, releases);

    /// <summary>The releases that a user asked for, in the order given; all of them when none is named.</summary>
    /// <exception cref="Diagnostics.ProblemException">Names that are unknown, all of them.</exception>
    public IReadOnlyList<Release> SelectReleases(IReadOnlyList<string> releases) => new Selector(this).SelectReleases(releases);
}

/// <summary>One image to build: a service of a release.</summary>
public sealed record Selection(string Service, Release Release);
