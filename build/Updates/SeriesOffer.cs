using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>What could be added to the releases of a repository.</summary>
public static class SeriesOffer
{
    /// <summary>That no release is named, and which there are: the newest that is released, first of all.</summary>
    /// <param name="releases">Those that are there.</param>
    public static Problem Of(IReadOnlyCollection<string> releases, IReadOnlyDictionary<string, Series> upstream,
        DateOnly today)
    {
        var newest = SeriesList.NewestReleased(upstream.Values, today);
        var others = upstream.Values.Where(x => !releases.Contains(x.Release) && !x.On(today).HasEnded)
            .OrderByDescending(x => x.InitialRelease ?? DateOnly.MinValue).Select(x => Describe(x, today)).ToList();
        return new Problem("--release names no release",
            Expected: others.Count == 0 ? "one release" : $"one release, such as {string.Join(", ", others)}",
            Remedy: newest is null ? null
                : releases.Contains(newest.Release) ? $"The newest, {newest.Release} ({newest.Title}), is here already"
                : $"The newest is {Describe(newest, today)}: ./build.sh AddRelease --release {newest.Release}");
    }

    static string Describe(Series series, DateOnly today) =>
        $"{series.Release} ({series.Title}, {series.On(today).Now})";
}
