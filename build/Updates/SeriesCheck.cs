namespace OpenStack.Updates;

/// <summary>Tells how far a release is in its life.</summary>
public static class SeriesCheck
{
    public static Finding Judge(string release, Series? series)
    {
        var finding = new Finding(Subject.Series, release, series?.Codename ?? "release", release, FindingState.Current, File: $"releases/{release}");
        if (series is null) return finding with { State = FindingState.Unknown, Detail = "openstack/releases does not know it" };
        var next = series.NextStatus is null ? "" : $"; {series.NextStatus}{(series.NextDate is { } date ? $" from {date:yyyy-MM-dd} on" : " next")}";
        return finding with
        {
            State = series.HasEnded ? FindingState.EndOfLife : series.IsUnmaintained ? FindingState.Unmaintained : FindingState.Current,
            Detail = series.Status + next,
        };
    }
}
