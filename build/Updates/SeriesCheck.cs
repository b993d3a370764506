namespace OpenStack.Updates;

/// <summary>Tells how far a release is in its life.</summary>
public static class SeriesCheck
{
    /// <param name="today">
    /// A phase that should have begun by then has, whether openstack/releases says so yet or not.
    /// </param>
    public static Finding Judge(string release, Series? series, DateOnly today)
    {
        var finding = new Finding(Subject.Series, release, series?.Codename ?? "release", release, FindingState.Current,
            File: $"releases/{release}");
        if (series is null)
            return finding with { State = FindingState.Unknown, Detail = "openstack/releases does not know it" };
        var isDue = series.NextDate <= today;
        var when = series.NextDate is not { } date ? "next"
            : isDue ? $"was due on {date:yyyy-MM-dd}"
            : $"from {date:yyyy-MM-dd} on";
        var next = series.NextStatus is null ? "" : $"; {series.NextStatus} {when}";
        return finding with
        {
            State = StateOf((isDue ? series.NextStatus : null) ?? series.Status),
            Detail = series.Status + next,
        };
    }

    static FindingState StateOf(string status) => status switch
    {
        "unmaintained" => FindingState.Unmaintained,
        "end of life" => FindingState.EndOfLife,
        _ => FindingState.Current,
    };
}
