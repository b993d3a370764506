using OpenStack.Catalog;
using OpenStack.Images;

namespace OpenStack.Tests.Images;

public sealed class ImageLabelsTests
{
    static readonly Series s_epoxy = new("2025.1", "epoxy", SeriesStatus.Maintained)
    {
        NextStatus = SeriesStatus.Unmaintained,
        NextDate = new DateOnly(2001, 2, 3),
    };

    /// <summary>The day has long come, and no clock is asked: the same inputs are the same image any day.</summary>
    [Fact]
    public void TheLifeOfTheReleaseIsSaidAsItIsRecorded()
    {
        var labels = Labels(s_epoxy);
        Assert.Equal(("maintained", "unmaintained from 2001-02-03 on"),
            (labels["org.openstack.release.status"], labels["org.openstack.release.next-status"]));
        Assert.Equal("end of life", Labels(new Series("2025.1", "epoxy", SeriesStatus.EndOfLife))[
            "org.openstack.release.status"]);
    }

    [Fact]
    public void WhatIsNotKnownIsNotSaid()
    {
        Assert.DoesNotContain(Labels(null).Keys, x => x.StartsWith("org.openstack.", StringComparison.Ordinal));
        Assert.DoesNotContain("org.openstack.release.next-status", Labels(s_epoxy with { NextDate = null }).Keys);
    }

    static IReadOnlyDictionary<string, string> Labels(Series? series) =>
        ImageLabels.Of("keystone", DateTimeOffset.UnixEpoch, "python-base", series: series);
}
