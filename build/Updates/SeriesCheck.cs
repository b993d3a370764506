using OpenStack.Catalog;

namespace OpenStack.Updates;

/// <summary>Tells how far a release is in its life, and which series is newer than all.</summary>
public static class SeriesCheck
{
    /// <param name="recorded">What the repository says of the release; null where it says nothing.</param>
    /// <param name="upstream">What openstack/releases says of all; null where that cannot be had.</param>
    /// <param name="today">
    /// A phase that should have begun by then has, whether openstack/releases says so yet or not.
    /// </param>
    public static Finding Judge(string release, Series? recorded, IReadOnlyDictionary<string, Series>? upstream,
        DateOnly today)
    {
        var series = upstream is null ? recorded : upstream.GetValueOrDefault(release);
        var finding = new Finding(Subject.Series, release, series?.Codename ?? "release", release, FindingState.Unknown,
            File: recorded is null ? $"releases/{release}" : FileOf(release));
        if (series is null)
            return finding with
            {
                Detail = upstream is null ? "openstack/releases cannot be asked, and nothing is recorded"
                    : "openstack/releases does not know it",
            };
        var phase = series.On(today);
        var state = StateOf(phase.Status);
        var detail = phase.ToString()
            + (phase.IsPlanned ? $", recorded as {SeriesStatuses.WordOf(series.Status)}" : "");
        if (upstream is null)
            return finding with
            {
                // That it has not ended was so when it was recorded.
                State = state == FindingState.Current ? FindingState.Unknown : state,
                Detail = $"{detail}, as {FileOf(release)} has it: openstack/releases cannot be asked",
            };
        if (series.After(recorded) == recorded) return finding with { State = state, Detail = detail };
        return finding with
        {
            State = state == FindingState.Current ? FindingState.Outdated : state,
            Detail = $"{detail}; {FileOf(release)} {(recorded is null ? "is not there" : "says otherwise")}: "
                + "Update writes it",
        };
    }

    /// <summary>That upstream has released a series that is newer than all of the releases here; null where it has
    /// not.</summary>
    public static Finding? Newer(IReadOnlyCollection<string> releases, IReadOnlyDictionary<string, Series> upstream,
        DateOnly today)
    {
        if (SeriesList.NewestReleased(upstream.Values, today) is not { } newest || releases.Contains(newest.Release))
            return null;
        var ours = SeriesList.NewestReleased(upstream.Values.Where(x => releases.Contains(x.Release)), today);
        return new Finding(Subject.Series, null, newest.Codename, ours?.Release ?? "-", FindingState.Available,
            newest.Release, $"{newest.On(today)}; AddRelease --release {newest.Release} adds it", "releases");
    }

    static string FileOf(string release) => $"releases/{release}/{SeriesFile.Name}";

    static FindingState StateOf(SeriesStatus status) => status switch
    {
        SeriesStatus.Unmaintained => FindingState.Unmaintained,
        SeriesStatus.EndOfLife => FindingState.EndOfLife,
        _ => FindingState.Current,
    };
}
