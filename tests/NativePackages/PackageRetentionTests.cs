using OpenStack.NativePackages;

namespace OpenStack.Tests.NativePackages;

/// <summary>Which packages of a repository may go.</summary>
public sealed class PackageRetentionTests
{
    static readonly DateTimeOffset s_now = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TheNewestAndTheYoungStayAndVersionsGoWithWhoRunsThem()
    {
        PublishedPackage[] packages =
        [
            .. Pair("nova", "1.0", days: 400), .. Pair("nova", "1.1", days: 300), .. Pair("nova", "1.2", days: 200),
            .. Pair("nova", "1.3", days: 10), .. Pair("keystone", "2.0", days: 500),
            // Of another release: the newest there.
            .. Pair("nova", "0.9", days: 600, "debian-trixie/2025.1/binary-amd64"),
        ];
        Assert.Equal(
        [
            "openstack-nova 1.1", "openstack-nova 1.0", "openstack-nova-1.0 1.0", "openstack-nova-1.1 1.1",
        ], Expired(packages, builds: 2));
        Assert.Empty(Expired(packages, builds: 4));
        // Whatever is young stays, however many there are.
        Assert.Equal(2 * 3, Expired(packages, builds: 0, days: 399).Count);
    }

    [Fact]
    public void WhatSomebodyStillRunsStays()
    {
        PublishedPackage[] packages =
        [
            Service("nova", "2-r1", 400, "openstack-nova-1.0=1-r1"),
            Service("nova", "3-r1", 10, "openstack-nova-1.0=1-r1"),
            new("x", "openstack-nova-1.0", "1-r1", ["so:libc.so.6"], s_now.AddDays(-400)),
        ];
        Assert.Equal(["openstack-nova 2-r1"], Expired(packages, builds: 1));
    }

    [Fact]
    public void WhatNobodyRunsIsLeftToWhoeverHasPutItThere() => Assert.Empty(Expired(
        [new("x", "openstack-nova-1.0", "1.0", [], s_now.AddDays(-900))], builds: 0));

    static IReadOnlyList<string> Expired(IReadOnlyList<PublishedPackage> packages, int builds, int days = 90) =>
        [.. new PackageRetention(days, builds, s_now).Expired(packages).Select(x => $"{x}")];

    static PublishedPackage Service(string name, string version, int days, string runs, string index = "x") =>
        new(index, $"openstack-{name}", version, ["passwd", runs], s_now.AddDays(-days));

    static PublishedPackage[] Pair(string name, string version, int days, string index = "x") =>
    [
        Service(name, version, days, $"openstack-{name}-{version} (= {version})", index),
        new(index, $"openstack-{name}-{version}", version, ["libc6 (>= 2.38)"], s_now.AddDays(-days)),
    ];
}
