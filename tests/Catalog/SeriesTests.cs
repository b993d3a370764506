using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

/// <summary>Where a series is in its life, by what was recorded and the day.</summary>
public sealed class SeriesTests
{
    static readonly DateOnly s_end = new(2026, 10, 2);

    static readonly Series s_epoxy = new("2025.1", "epoxy", SeriesStatus.Maintained)
    {
        InitialRelease = new DateOnly(2025, 4, 2),
        NextStatus = SeriesStatus.Unmaintained,
        NextDate = s_end,
    };

    [Fact]
    public void APhaseBeginsOnTheDayForWhichItWasPlanned()
    {
        var before = s_epoxy.On(s_end.AddDays(-1));
        Assert.Equal((SeriesStatus.Maintained, false), (before.Status, before.IsPlanned));
        Assert.Equal("maintained since 2025-04-02; unmaintained from 2026-10-02 on", $"{before}");
        var then = s_epoxy.On(s_end);
        Assert.Equal((SeriesStatus.Unmaintained, true, s_end), (then.Status, then.IsPlanned, then.Since));
        Assert.Equal("unmaintained since 2026-10-02 by plan", $"{then}");
        Assert.Equal("maintained since 2025-04-02; unmaintained from 2026-10-02 on", $"{s_epoxy.Recorded}");
    }

    [Fact]
    public void WithoutADayThereIsNoPlan()
    {
        var caracal = new Series("2024.1", "caracal", SeriesStatus.Unmaintained)
        {
            NextStatus = SeriesStatus.EndOfLife,
        };
        Assert.Equal("unmaintained; end of life next", $"{caracal.On(DateOnly.MaxValue)}");
        Assert.False(caracal.On(DateOnly.MaxValue).HasEnded);
        Assert.Equal("unmaintained", $"{(caracal with { NextStatus = null }).On(DateOnly.MaxValue)}");
    }

    [Fact]
    public void TheDayOfAPlanStaysWhenOpenStackDropsIt()
    {
        var unmaintained = new Series("2025.1", "epoxy", SeriesStatus.Unmaintained)
        {
            NextStatus = SeriesStatus.EndOfLife,
        };
        var recorded = unmaintained.After(s_epoxy);
        Assert.Equal("unmaintained since 2026-10-02; end of life next", $"{recorded.Recorded}");
        Assert.Equal(recorded, unmaintained.After(recorded));
        Assert.Null(unmaintained.After(null).Since);
        // A plan that was for something else says nothing, and what is said counts more than any plan.
        Assert.Null((unmaintained with { Status = SeriesStatus.EndOfLife }).After(s_epoxy).Since);
        var told = new Series("2025.1", "epoxy", SeriesStatus.EndOfLife) { Since = new DateOnly(2027, 3, 4) };
        Assert.Equal(told, told.After(s_epoxy with { NextStatus = SeriesStatus.EndOfLife }));
        Assert.Equal("end of life since 2027-03-04", $"{told.Recorded}");
    }

    [Fact]
    public void WhatHasEndedIsLeftOutUnlessItIsNamed()
    {
        using var repository = new TestRepository();
        var release = repository.Write("releases/2025.1/series.yaml",
            SeriesFile.TextOf(s_epoxy with { NextStatus = SeriesStatus.EndOfLife })).Load().Releases["2025.1"];
        Assert.Empty(ReleaseTable.Ended([release], [], s_end.AddDays(-1)));
        Assert.Equal("2025.1 (Epoxy) is not built any more because time passes: end of life since 2026-10-02 by plan. "
            + "--release 2025.1 looks at it", ReleaseTable.Ended([release], ["all"], s_end)["2025.1"]);
        Assert.Empty(ReleaseTable.Ended([release], ["2025.1"], s_end));
        var unmaintained = repository.Write("releases/2025.1/series.yaml", SeriesFile.TextOf(s_epoxy)).Load();
        Assert.Empty(ReleaseTable.Ended(unmaintained.Releases.Values, [], s_end));
    }

    [Fact]
    public void EveryStatusHasAWord()
    {
        Assert.Equal(["future", "development", "maintained", "unmaintained", "end of life"], SeriesStatuses.Words);
        Assert.Equal(Enum.GetValues<SeriesStatus>().Select(x => (SeriesStatus?)x),
            SeriesStatuses.Words.Select(SeriesStatuses.Parse));
        Assert.Null(SeriesStatuses.Parse("Maintained"));
    }
}
