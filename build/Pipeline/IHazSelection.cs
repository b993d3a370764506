using OpenStack.Diagnostics;

namespace OpenStack.Pipeline;

/// <summary>What a run is about: services × releases, both of which have to be given.</summary>
interface IHazSelection : IHazCatalog
{
    /// <summary>The images that the parameters select.</summary>
    /// <exception cref="ProblemException">Nothing, or something unknown, is selected.</exception>
    IReadOnlyList<Workspace> Selection => [.. Catalog.Select(Service, Release).Select(x => new Workspace(ArtifactsDirectory, x.Service, x.Release))];

    /// <summary>The libraries that the selected releases build from source: their images get these instead of what the index has.</summary>
    IReadOnlyList<Workspace> Libraries =>
        [.. Selection.Select(x => x.Release).Distinct().SelectMany(x => Catalog.LibrariesOf(x), (release, library) => new Workspace(ArtifactsDirectory, library, release))];

    /// <summary>Everything that is checked out and patched: the services and the libraries.</summary>
    IReadOnlyList<Workspace> Sources => [.. Selection, .. Libraries];
}
