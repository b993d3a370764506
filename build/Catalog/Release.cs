using Nuke.Common.IO;

namespace OpenStack.Catalog;

/// <summary>
/// One OpenStack release, as <c>releases/&lt;name&gt;/</c> and <c>overrides/&lt;name&gt;/</c> describe it.
/// </summary>
/// <param name="Name">As in <c>2025.1</c>.</param>
/// <param name="SourceRefs">What each component is built from, by component.</param>
/// <param name="ExtraPackages">By component; see <see cref="PackagesOf"/>.</param>
/// <param name="EntryPoints">How components are started, by component; see <see cref="EntryPointsOf"/>.</param>
/// <param name="UpperConstraintsFile">The constraints of openstack/requirements, as they are upstream.</param>
/// <param name="BuildConstraintsFile">Constraints for the isolated builds of wheels; null where there are none.</param>
/// <param name="OverridesFile">Changes to the upper constraints; null where there are none.</param>
public sealed record Release(
    string Name,
    IReadOnlyDictionary<string, SourceRef> SourceRefs,
    IReadOnlyDictionary<string, ExtraPackages> ExtraPackages,
    IReadOnlyDictionary<string, EntryPoints> EntryPoints,
    AbsolutePath UpperConstraintsFile,
    AbsolutePath? BuildConstraintsFile,
    AbsolutePath? OverridesFile)
{
    /// <summary>How far it is in its life; null where nobody has recorded it, which says nothing.</summary>
    public Series? Series { get; init; }

    /// <summary>Where it is in its life on a day; null where that is not known.</summary>
    public SeriesPhase? On(DateOnly today) => Series?.On(today);

    /// <summary>The extra packages of a component; none where the release lists none.</summary>
    public ExtraPackages PackagesOf(string component) =>
        ExtraPackages.GetValueOrDefault(component) ?? OpenStack.Catalog.ExtraPackages.None;

    /// <summary>How a component is started; null where the release does not say.</summary>
    public EntryPoints? EntryPointsOf(string component) => EntryPoints.GetValueOrDefault(component);
}
