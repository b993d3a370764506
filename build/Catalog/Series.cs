namespace OpenStack.Catalog;

/// <summary>What openstack/releases says of a release: that it is a series with a name and a life.</summary>
/// <param name="Release">As in <c>2025.1</c>.</param>
/// <param name="Codename">The directory of its deliverables, <c>epoxy</c>.</param>
/// <param name="Status">As it was recorded; see <see cref="On"/>.</param>
public sealed record Series(string Release, string Codename, SeriesStatus Status)
{
    /// <summary>Since when it has that status; null where nobody says.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>When it was, or will be, released.</summary>
    public DateOnly? InitialRelease { get; init; }

    /// <summary>What it will be next; null where that is not planned.</summary>
    public SeriesStatus? NextStatus { get; init; }

    /// <summary>When that will be; null where there is no date yet.</summary>
    public DateOnly? NextDate { get; init; }

    /// <summary>Whether it can be upgraded to the next release but one.</summary>
    public bool IsSlurp { get; init; }

    /// <summary>The codename for people: <c>Epoxy</c>.</summary>
    public string Title => char.ToUpperInvariant(Codename[0]) + Codename[1..];

    /// <summary>
    /// Where it is in its life: what was recorded, and, when the day of the next phase has come, that phase, as it was
    /// planned. What comes after that one, nobody has said.
    /// </summary>
    public SeriesPhase On(DateOnly today) => NextStatus is { } next && NextDate <= today
        ? new SeriesPhase(next, NextDate, IsPlanned: true)
        : Recorded;

    /// <summary>The same whatever day it is.</summary>
    public SeriesPhase Recorded =>
        new(Status, Since ?? (Status == SeriesStatus.Maintained ? InitialRelease : null), IsPlanned: false)
        {
            Next = NextStatus,
            NextDate = NextDate,
        };

    /// <summary>What is to be recorded where openstack/releases says this, and something was recorded before.</summary>
    /// <remarks>
    /// It has no day for a phase that has begun but for the first and the last; the day that was planned for it stays.
    /// </remarks>
    public Series After(Series? recorded) => Since is not null ? this
        : recorded?.Status == Status ? this with { Since = recorded.Since }
        : recorded?.NextStatus == Status ? this with { Since = recorded.NextDate }
        : this;
}
