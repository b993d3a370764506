using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Wheels;

/// <summary>Whether every distribution of a closure is there in a version that somebody chose.</summary>
public static class ClosurePins
{
    /// <summary>
    /// The distributions that no constraint pins: an index may have another version of them tomorrow.
    /// </summary>
    /// <param name="closure">What an image is to have.</param>
    /// <param name="pins">
    /// The constraints that it was resolved with; one whose marker does not hold pins nothing.
    /// </param>
    public static IReadOnlyList<LockedDistribution> Unpinned(IReadOnlyList<LockedDistribution> closure,
        IEnumerable<Pin> pins)
    {
        var pinned = pins.ToLookup(x => x.Key, x => PythonVersion.TryParse(x.Version));
        return [.. closure.Where(x => !pinned[PythonName.Of(x.Name)].Any(pin => pin is not null
            && pin.Equals(PythonVersion.TryParse(x.Version))))];
    }

    /// <summary>One problem for each version of a distribution, with the line that pins it.</summary>
    /// <param name="unpinned">The images of a release that have it, by name.</param>
    /// <param name="overrides">The file where the lines belong.</param>
    public static IReadOnlyList<Problem> Describe(IEnumerable<(string Image, LockedDistribution Distribution)> unpinned,
        string overrides) =>
    [
        .. unpinned.GroupBy(x => (x.Distribution.Name, x.Distribution.Version))
            .OrderBy(x => x.Key.Name, StringComparer.Ordinal)
            .Select(x => new Problem(
                $"no constraint pins {x.Key.Name} {x.Key.Version}, which is in the image of "
                + $"{string.Join(", ", x.Select(y => y.Image).Distinct())}", overrides,
                Remedy: $"Add the line {x.Key.Name}==={x.Key.Version}")),
    ];
}
