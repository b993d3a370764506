using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>Releases and where they are in their lives, for people.</summary>
public static class ReleaseTable
{
    /// <summary>What stands where nothing is recorded.</summary>
    public const string NotKnown = "not known";

    /// <summary>A row per release.</summary>
    public static TextTable Of(IEnumerable<Release> releases, DateOnly today) => new(
        ["release", "series", "status", "slurp"],
        [
            .. releases.Select(x => (string[])
            [
                x.Name, x.Series?.Title ?? NotKnown, $"{x.On(today)?.ToString() ?? NotKnown}",
                x.Series is null ? NotKnown : x.Series.IsSlurp ? "yes" : "no",
            ]),
        ]);

    /// <summary>
    /// Of some releases those that have ended, each in a line: nothing of them is built because time passes, unless
    /// somebody names them. What is unmaintained goes on, as its branch does; so does what nobody knows about.
    /// </summary>
    /// <param name="named">The releases that somebody has named.</param>
    public static IReadOnlyDictionary<string, string> Ended(IEnumerable<Release> releases,
        IReadOnlyCollection<string> named, DateOnly today) => releases
            .Where(x => x.On(today) is { HasEnded: true } && !named.Contains(x.Name))
            .ToDictionary(x => x.Name, x => $"{x.Name} ({x.Series!.Title}) is not built any more because time passes: "
                + $"{x.On(today)!.Now}. --release {x.Name} looks at it");
}
