using Nuke.Common;
using Nuke.Components;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline;

/// <summary>What a run is about: services × releases.</summary>
interface IHazSelection : IHazArtifacts
{
    [Parameter("Services to work on, such as 'keystone', or 'all'")]
    string[] Service => TryGetValue(() => Service) ?? [];

    [Parameter("OpenStack releases to work on, such as '2025.1', or 'all'")]
    string[] Release => TryGetValue(() => Release) ?? [];

    /// <summary>What the repository says; read once in a run.</summary>
    ReleaseCatalog Catalog => CatalogOfRun.Load(RootDirectory);

    /// <summary>The images that the parameters select.</summary>
    /// <exception cref="ProblemException">Nothing, or something unknown, is selected.</exception>
    IReadOnlyList<Workspace> Selection => [.. Catalog.Select(Service, Release).Select(x => new Workspace(ArtifactsDirectory, x.Service, x.Release))];

    /// <summary>The libraries that the selected releases build from source: their images get these instead of what the index has.</summary>
    IReadOnlyList<Workspace> Libraries =>
        [.. Selection.Select(x => x.Release).Distinct().SelectMany(x => Catalog.LibrariesOf(x), (release, library) => new Workspace(ArtifactsDirectory, library, release))];

    /// <summary>Everything that is checked out and patched: the services and the libraries.</summary>
    IReadOnlyList<Workspace> Sources => [.. Selection, .. Libraries];
}

/// <summary>Components are interfaces and keep no state; this keeps the catalog for them.</summary>
static class CatalogOfRun
{
    static ReleaseCatalog? s_catalog;

    public static ReleaseCatalog Load(Nuke.Common.IO.AbsolutePath root) => s_catalog ??= CatalogLoader.Load(root);
}
