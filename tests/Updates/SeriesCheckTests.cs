using OpenStack.Catalog;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>Lives of releases: what upstream says, what is recorded, and which day it is.</summary>
public sealed class SeriesCheckTests
{
    static readonly DateOnly s_today = new(2026, 8, 1);

    static readonly IReadOnlyDictionary<string, Series> s_upstream =
        SeriesList.Parse(UpstreamReleases.SeriesStatus, "f", []);

    /// <summary>As data/series_status.yaml was in August 2026.</summary>
    static readonly IReadOnlyDictionary<string, Series> s_real = SeriesList.Parse("""
        - {name: indri, release-id: 2027.1, status: future, slurp: yes, initial-release: 2027-03-24,
           next-phase: {status: development, date: 2026-10-01}}
        - {name: hibiscus, release-id: 2026.2, status: development, initial-release: 2026-09-30,
           next-phase: {status: maintained, date: 2026-09-30}}
        - {name: gazpacho, release-id: 2026.1, status: maintained, slurp: yes, initial-release: 2026-04-01,
           next-phase: {status: unmaintained, date: 2027-10-27}}
        - {name: caracal, release-id: 2024.1, status: unmaintained, slurp: yes, initial-release: 2024-04-03,
           next-phase: {status: end of life}}
        - {name: bobcat, release-id: 2023.2, status: end of life, initial-release: 2023-10-04, eol-date: 2025-04-30}

        """, "f", []);

    [Theory]
    [InlineData("2024.2", FindingState.EndOfLife, "end of life since 2026-04-29")]
    [InlineData("2025.1", FindingState.Unmaintained, "unmaintained")]
    [InlineData("2025.2", FindingState.Current, "maintained; end of life from 2027-04-28 on")]
    public void WhatUpstreamSaysIsTold(string release, FindingState state, string detail)
    {
        var finding = SeriesCheck.Judge(release, s_upstream[release], s_upstream, s_today);
        Assert.Equal((state, detail, $"releases/{release}/series.yaml"), (finding.State, finding.Detail, finding.File));
    }

    [Fact]
    public void AndThatAPlannedDayHasCome()
    {
        var late = SeriesCheck.Judge("2025.2", s_upstream["2025.2"], s_upstream, new DateOnly(2027, 4, 28));
        Assert.Equal((FindingState.EndOfLife, "end of life since 2027-04-28 by plan, recorded as maintained"),
            (late.State, late.Detail));
    }

    [Fact]
    public void WhatIsRecordedOtherwiseIsBehind()
    {
        var recorded = s_upstream["2025.2"] with { NextDate = new DateOnly(2027, 1, 1) };
        var finding = SeriesCheck.Judge("2025.2", recorded, s_upstream, s_today);
        Assert.Equal((FindingState.Outdated, "maintained; end of life from 2027-04-28 on; releases/2025.2/series.yaml "
            + "says otherwise: Update writes it"), (finding.State, finding.Detail));
        finding = SeriesCheck.Judge("2025.1", null, s_upstream, s_today);
        Assert.Equal((FindingState.Unmaintained,
            "unmaintained; releases/2025.1/series.yaml is not there: Update writes it", "releases/2025.1"),
            (finding.State, finding.Detail, finding.File));
        // The day of the plan, which is recorded and upstream does not have, is no difference.
        Assert.Equal("unmaintained", SeriesCheck.Judge("2025.1",
            s_upstream["2025.1"] with { Since = s_today }, s_upstream, s_today).Detail.Split(' ')[0]);
        Assert.Equal(FindingState.Unmaintained, SeriesCheck.Judge("2025.1",
            s_upstream["2025.1"] with { Since = s_today }, s_upstream, s_today).State);
        Assert.DoesNotContain("says otherwise", SeriesCheck.Judge("2025.1",
            s_upstream["2025.1"] with { Since = s_today }, s_upstream, s_today).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoCannotBeAskedSaysNothing()
    {
        Assert.Equal((FindingState.Unknown, "openstack/releases does not know it"),
            Told(SeriesCheck.Judge("2030.1", null, s_upstream, s_today)));
        Assert.Equal((FindingState.Unknown, "openstack/releases cannot be asked, and nothing is recorded"),
            Told(SeriesCheck.Judge("2025.1", null, null, s_today)));
        Assert.Equal((FindingState.Unmaintained,
                "unmaintained, as releases/2025.1/series.yaml has it: openstack/releases cannot be asked"),
            Told(SeriesCheck.Judge("2025.1", s_upstream["2025.1"], null, s_today)));
        // Whether it is maintained still, nobody knows.
        Assert.Equal(FindingState.Unknown, SeriesCheck.Judge("2025.2", s_upstream["2025.2"], null, s_today).State);

        static (FindingState, string) Told(Finding x) => (x.State, x.Detail);
    }

    [Fact]
    public void ANewerSeriesIsToldOnceItIsReleased()
    {
        Assert.Null(SeriesCheck.Newer(["2026.1"], s_real, new DateOnly(2026, 9, 29)));
        var finding = SeriesCheck.Newer(["2024.1", "2026.1"], s_real, new DateOnly(2026, 9, 30))!;
        Assert.Equal((FindingState.Available, "hibiscus", "2026.1", "2026.2", null),
            (finding.State, finding.Name, finding.Current, finding.Newest, finding.Release));
        Assert.Equal("maintained since 2026-09-30 by plan; AddRelease --release 2026.2 adds it", finding.Detail);
        Assert.Null(SeriesCheck.Newer(["2026.2"], s_real, new DateOnly(2026, 12, 1)));
        // It is nothing that is wrong with what is here.
        Assert.Empty(OutdatedPolicies.Violations([finding], [OutdatedPolicy.Outdated, OutdatedPolicy.Eol]));
    }

    [Fact]
    public void WhatCouldBeAddedIsOffered()
    {
        var today = new DateOnly(2026, 11, 29);
        Assert.Equal("--release names no release; expected one release, such as 2027.1 (Indri, development since "
            + "2026-10-01 by plan), 2026.2 (Hibiscus, maintained since 2026-09-30 by plan), 2024.1 (Caracal, "
            + "unmaintained). The newest is 2026.2 (Hibiscus, maintained since 2026-09-30 by plan): ./build.sh "
            + "AddRelease --release 2026.2", SeriesOffer.Of(["2026.1"], s_real, today).ToString());
        Assert.Contains("The newest, 2026.2 (Hibiscus), is here already",
            SeriesOffer.Of(["2026.1", "2026.2"], s_real, today).ToString(), StringComparison.Ordinal);
        Assert.Equal("--release names no release; expected one release",
            SeriesOffer.Of(["2026.1"], new Dictionary<string, Series>(), today).ToString());
    }
}
