using Nuke.Common;
using OpenStack.Catalog;

namespace OpenStack.Pipeline;

/// <summary>What a target looks at that changes nothing: everything, unless services or releases are selected.</summary>
interface IHazScope : IHazSelection
{
    /// <summary>The services selected and the libraries of their releases; where nothing is selected, all.</summary>
    /// <exception cref="Diagnostics.ProblemException">Something unknown is selected.</exception>
    IReadOnlyList<Workspace> Scope
    {
        get
        {
            var selected = Catalog.Select(Service.Length > 0 ? Service : ["all"], Release.Length > 0 ? Release : ["all"]);
            var services = new AdHocSources(Catalog, Ref, Source, EnvironmentInfo.WorkingDirectory).Apply(selected);
            var libraries = services.Select(x => x.Release).Distinct().SelectMany(x => Catalog.LibrariesOf(x), (release, library) => (Component: library, Release: release));
            return [.. services.Select(x => (Component: x.Service, x.Release)).Concat(libraries).Select(x => new Workspace(ArtifactsDirectory, x.Component, x.Release))];
        }
    }
}
