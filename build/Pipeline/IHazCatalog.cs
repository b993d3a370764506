using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Components;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>What the repository says, and which part of it a run is about.</summary>
interface IHazCatalog : IHazArtifacts
{
    [Parameter("Services to work on, such as 'keystone', or 'all'; 'python-base' is the base image alone")]
    string[] Service => TryGetValue(() => Service) ?? [];

    [Parameter("OpenStack releases to work on, such as '2025.1', or 'all'")]
    string[] Release => TryGetValue(() => Release) ?? [];

    /// <summary>What the repository says; read once in a run.</summary>
    ReleaseCatalog Catalog => CatalogOfRun.Load(RootDirectory);

    /// <summary>The releases that the parameter selects; all of them where it is not given.</summary>
    /// <exception cref="ProblemException">A name is unknown.</exception>
    IReadOnlyList<Release> Releases => Catalog.SelectReleases(Release);

    /// <summary>A file as messages name it: relative to the repository.</summary>
    string ShownAs(AbsolutePath file) => Path.GetRelativePath(RootDirectory, file);
}

/// <summary>Components are interfaces and keep no state; this keeps the catalog and the selection for them.</summary>
static class CatalogOfRun
{
    static ReleaseCatalog? s_catalog;

    public static IReadOnlyList<Workspace>? Selection { get; set; }

    /// <summary>Where a change of the catalog waits until it is complete.</summary>
    public static AbsolutePath ChangeDirectory => NukeBuild.TemporaryDirectory / "catalog-change";

    public static ReleaseCatalog Load(AbsolutePath root) => s_catalog ??= LoadAndTime(root);

    /// <summary>Lets whoever asks next read the catalog again: it was changed.</summary>
    public static void Forget() => (s_catalog, Selection) = (null, null);

    static ReleaseCatalog LoadAndTime(AbsolutePath root)
    {
        var watch = Stopwatch.StartNew();
        CatalogChange.CompleteBegun(root, ChangeDirectory);
        var catalog = CatalogLoader.Load(root);
        Log.Verbose("The catalog, {Services} services and {Releases} releases, is read in {Time} ms", catalog.Services.Count, catalog.Releases.Count, watch.ElapsedMilliseconds);
        return catalog;
    }
}
