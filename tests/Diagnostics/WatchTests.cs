using OpenStack.Diagnostics;

namespace OpenStack.Tests.Diagnostics;

public sealed class WatchTests
{
    readonly ManualTime _time = new();
    readonly Watch _watch;

    public WatchTests() => _watch = new Watch(time: _time);

    [Fact]
    public void WhatIsUnderWayComesInTheOrderOfItsBeginningAndAfterTheWhole()
    {
        using var earlier = _watch.Begin("left from before");
        using var whole = _watch.Begin("BuildService");
        _time.Pass(59);
        var detail = "Looking in links";
        using var nova = _watch.Begin("nova", () => detail);
        using (_watch.Begin("glance"))
        {
            _time.Pass(6);
            detail = "Installing";
            Assert.Equal(["BuildService 1 min 05 s", "left from before 1 min 05 s", "nova 6 s: Installing",
                "glance 6 s"], Look(whole));
        }

        nova.Dispose();
        nova.Dispose();
        Assert.Equal([earlier, whole], _watch.UnderWay);
    }

    [Fact]
    public void ARateIsThatOfTheLastSeconds()
    {
        var moved = 1_000_000L;
        using var whole = _watch.BeginWhole("BuildBase");
        using var work = _watch.Begin("pull", transfer: new Transfer(() => 100_000_000, () => moved));
        Assert.Equal(["pull 0 s, 1.0 of 100 MB"], Of(whole));
        for (var i = 0; i < 10; i++)
        {
            _time.Pass(1);
            moved += 4_000_000;
            Look(whole);
        }

        Assert.Equal(["pull 10 s, 41 of 100 MB, 4.0 MB/s"], Of(whole));
        // What has stopped says so.
        for (var i = 0; i < 10; i++)
        {
            _time.Pass(0.6);
            Look(whole);
        }

        Assert.Equal(["pull 16 s, 41 of 100 MB, 0.0 MB/s"], Of(whole));
        // A download that begins again has no rate below nothing.
        moved = 0;
        _time.Pass(0.6);
        Assert.Equal(["pull 16 s, 0.0 of 100 MB, 0.0 MB/s"], Of(whole));
    }

    [Fact]
    public void TheWholeHasTheBytesOfAllThatHasBegunSince()
    {
        using (_watch.Begin("before", transfer: new Transfer(() => 0, () => 70_000_000))) _time.Pass(1);
        using var whole = _watch.BeginWhole("LabUp");
        using (_watch.Begin("first", transfer: new Transfer(() => 10_000_000, () => 10_000_000))) _time.Pass(1);
        Assert.Equal(["LabUp 1 s"], Look(whole));
        var (one, two) = (0L, 1_000_000L);
        using var second = _watch.Begin("second", transfer: new Transfer(() => 20_000_000, () => one));
        using var third = _watch.Begin("third", transfer: new Transfer(() => 0, () => two));
        // Nobody needs to know of so little.
        using var small = _watch.Begin("small", transfer: new Transfer(() => 40_000, () => 20_000));
        _time.Pass(1);
        (one, two) = (8_000_000, 3_000_000);
        Assert.Equal(["LabUp 2 s, 21 of 33 MB, 10 MB/s", "second 1 s, 8.0 of 20 MB, 8.0 MB/s",
            "third 1 s, 3.0 MB, 2.0 MB/s", "small 1 s"], Look(whole));
    }

    /// <summary>A look after long is not about the time since the last one alone.</summary>
    [Fact]
    public void ARateIsRightAlsoWhereNobodyHasLookedForLong()
    {
        var moved = 0L;
        using var whole = _watch.BeginWhole("Push");
        using var work = _watch.Begin("push", transfer: new Transfer(() => 0, () => moved));
        Assert.Equal(["push 0 s"], Of(whole));
        _time.Pass(60);
        moved = 120_000_000;
        Assert.Equal(["push 1 min 00 s, 120 MB, 2.0 MB/s"], Of(whole));
    }

    [Fact]
    public async Task ManyBeginAndEndAtOnce()
    {
        using var whole = _watch.Begin("whole");
        var looking = Task.Run(() =>
        {
            while (_watch.UnderWay.Count == 1) Thread.Yield();
            while (_watch.UnderWay.Count > 1) Assert.Equal("whole 0 s", Look(whole)[0]);
        });
        Parallel.For(0, 20_000, i =>
        {
            using (_watch.Begin($"{i}", transfer: new Transfer(() => i, () => i / 2))) Thread.Yield();
        });
        using (_watch.Begin("the last")) Thread.Sleep(50);
        await looking.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([whole], _watch.UnderWay);
    }

    IReadOnlyList<string> Of(Work whole) => [Look(whole)[1]];

    IReadOnlyList<string> Look(Work whole) => [.. _watch.Look(whole).Select(x => $"{x}")];
}
