using System.Globalization;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>The series that openstack/releases knows: <c>data/series_status.yaml</c>.</summary>
public static class SeriesList
{
    public const string File = "data/series_status.yaml";

    /// <summary>All series that have a release's name; the older ones have but a codename.</summary>
    public static IReadOnlyDictionary<string, Series> Parse(string text, string file, List<Problem> problems)
    {
        var series = new Dictionary<string, Series>(StringComparer.Ordinal);
        var root = YamlFile.Read(text, file, problems);
        if (root is not (null or YamlSequence))
            problems.Add(new Problem($"there is {root.Kind}", file, root.Line, root.Column, "a list of series"));
        foreach (var item in (root as YamlSequence)?.Items ?? [])
        {
            if (item.FindText("release-id") is not { } release) continue;
            if (SeriesOf(item, release, DateOf) is { } found) series.TryAdd(release, found);
            else
                problems.Add(new Problem($"the series {release} is not understood", file, item.Line, item.Column,
                    $"name, release-id and a status: {string.Join(", ", SeriesStatuses.Words)}"));
        }

        return series;

        // A day that cannot be read is none that anything could be reckoned with, and no reason to know nothing.
        DateOnly? DateOf(YamlNode? node, string key)
        {
            if (node?.Find(key) is not { } date) return null;
            if (DateOnly.TryParseExact((date as YamlScalar)?.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var day))
                return day;
            problems.Add(new Problem($"'{key}' is no day", file, date.Line, date.Column, "a day such as 2026-10-02"));
            return null;
        }
    }

    /// <summary>The newest that has been released, by the days on which they were; null where none has.</summary>
    public static Series? NewestReleased(IEnumerable<Series> series, DateOnly today) => series
        .Where(x => x.On(today).Status == SeriesStatus.Maintained)
        .OrderBy(x => x.On(today).Since ?? DateOnly.MinValue).LastOrDefault();

    /// <summary>Null where it is none, or where what it says cannot be recorded.</summary>
    static Series? SeriesOf(YamlNode item, string release, Func<YamlNode?, string, DateOnly?> dateOf)
    {
        // Both become parts of paths.
        if (Names.Release.Check(release) is not null || item.FindText("name") is not { } name
            || Names.Component.Check(name) is not null
            || SeriesStatuses.Parse(item.FindText("status")) is not { } status)
            return null;
        var next = item.Find("next-phase");
        var nextStatus = SeriesStatuses.Parse(next?.FindText("status"));
        if (nextStatus <= status || (nextStatus is null && next?.FindText("status") is not null)) return null;
        return new Series(release, name, status)
        {
            Since = status == SeriesStatus.EndOfLife ? dateOf(item, "eol-date") : null,
            InitialRelease = dateOf(item, "initial-release"),
            NextStatus = nextStatus,
            NextDate = nextStatus is null ? null : dateOf(next, "date"),
            IsSlurp = item.FindText("slurp") is "yes" or "true",
        };
    }
}
