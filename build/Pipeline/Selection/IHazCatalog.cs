using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Components;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline.Selection;

/// <summary>What the repository says, and which part of it a run is about.</summary>
interface IHazCatalog : IHazArtifacts, IHazRun
{
    [Parameter("Services to work on, such as 'keystone', groups of images/groups.yaml, such as '@core', patterns, such "
        + "as 'neutron*', or 'all'; 'python-base' is the base image alone", Separator = " ")]
    string[] Service => TryGetValue(() => Service) ?? [];

    [Parameter("OpenStack releases to work on, such as '2025.1', patterns, such as '2025.*', or 'all'",
        Separator = " ")]
    string[] Release => TryGetValue(() => Release) ?? [];

    /// <summary>Services that a target of this run works with besides those that are named.</summary>
    IReadOnlyList<string> ServicesBesides => [];

    /// <summary>What the repository says; read once in a run.</summary>
    ReleaseCatalog Catalog => Run.Catalog;

    /// <summary>The releases that the parameter selects; all of them where it is not given.</summary>
    /// <exception cref="ProblemException">A name is unknown.</exception>
    IReadOnlyList<Release> Releases => Catalog.SelectReleases(Release);

    /// <summary>The day of the run, by which a release is as far in its life as it was planned.</summary>
    DateOnly Today => Run.Today;

    /// <summary>A file as messages name it: relative to the repository.</summary>
    string ShownAs(AbsolutePath file) => Path.GetRelativePath(RootDirectory, file);
}
