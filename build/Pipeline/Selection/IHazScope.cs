using OpenStack.Catalog;

namespace OpenStack.Pipeline.Selection;

/// <summary>
/// What a target looks at that changes nothing: everything, unless services or releases are selected.
/// </summary>
interface IHazScope : IHazSelection
{
    /// <summary>The services selected; where nothing is selected, all.</summary>
    /// <exception cref="Diagnostics.ProblemException">Something unknown is selected.</exception>
    IReadOnlyList<Workspace> ServicesInScope =>
        ServicesOf(Service.Length > 0 ? Service : ["all"], Release.Length > 0 ? Release : ["all"]);

    /// <summary>Those and the libraries of their releases.</summary>
    /// <exception cref="Diagnostics.ProblemException">Something unknown is selected.</exception>
    IReadOnlyList<Workspace> Scope => ServicesInScope is var services ? [.. services, .. LibrariesOf(services)] : [];

    /// <summary>Tells where the releases of some services are in their lives.</summary>
    /// <returns>The releases.</returns>
    IReadOnlyList<Release> TellReleases(IEnumerable<Workspace> services)
    {
        IReadOnlyList<Release> releases = [.. services.Select(x => x.Release).DistinctBy(x => x.Name)];
        Results.Table("Releases", ReleaseTable.Of(releases, Today));
        return releases;
    }
}
