namespace OpenStack.Catalog;

/// <summary>Where a series is in its life on a day.</summary>
/// <param name="Since">Null where nobody says.</param>
/// <param name="IsPlanned">
/// Whether it was planned for a day that has come, and openstack/releases was not seen to say so since.
/// </param>
public sealed record SeriesPhase(SeriesStatus Status, DateOnly? Since, bool IsPlanned)
{
    /// <summary>What it will be next; null where that is not planned.</summary>
    public SeriesStatus? Next { get; init; }

    public DateOnly? NextDate { get; init; }

    /// <summary>Nothing of it is built again but by somebody who asks for it.</summary>
    public bool HasEnded => Status == SeriesStatus.EndOfLife;

    /// <summary>Whether it has been released.</summary>
    public bool IsReleased => Status >= SeriesStatus.Maintained;

    /// <summary><c>unmaintained since 2026-10-02 by plan</c>.</summary>
    public string Now => SeriesStatuses.WordOf(Status) + (Since is { } date ? $" since {date:yyyy-MM-dd}" : "")
        + (IsPlanned ? " by plan" : "");

    /// <summary><c>maintained since 2025-10-01; end of life from 2027-04-28 on</c>.</summary>
    public override string ToString() => Now + (Next is { } next
        ? $"; {SeriesStatuses.WordOf(next)} {(NextDate is { } date ? $"from {date:yyyy-MM-dd} on" : "next")}"
        : "");
}
