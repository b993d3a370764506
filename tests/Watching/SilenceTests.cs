using OpenStack.Diagnostics;
using OpenStack.Tests.Diagnostics;
using OpenStack.Watching;

namespace OpenStack.Tests.Watching;

public sealed class SilenceTests
{
    readonly ManualTime _time = new();
    readonly Watch _watch;
    readonly Silence _silence;
    readonly Work _whole;

    public SilenceTests()
    {
        (_watch, _silence) = (new Watch(time: _time), new Silence(_time));
        _whole = _watch.Begin("BuildService");
    }

    [Fact]
    public void ItIsBrokenBeforeThreeSecondsForAsLongAsItLasts()
    {
        using var sealing = _watch.Begin("sealing nova 2025.1");
        Assert.Equal([2.5, 5, 7.5, 10], Told(10.25));
        _time.Pass(60);
        Assert.Equal("still at BuildService 1 min 10 s: sealing nova 2025.1 1 min 10 s", Break());
    }

    [Fact]
    public void WhatIsWrittenIsNoSilence()
    {
        Assert.Equal([2.5], Told(4));
        _silence.Broken();
        Assert.Equal([6.5], Told(4));
    }

    [Fact]
    public void OfManyThoseThatHaveTakenLongestAreNamed()
    {
        foreach (var name in (string[])["one", "two", "three", "four", "five"])
        {
            _watch.Begin(name);
            _time.Pass(1);
        }

        Assert.Equal("still at BuildService 5 s: one 5 s; two 4 s; three 3 s; and 2 more", Break());
        Assert.Null(_silence.Break([]));
    }

    string? Break() => _silence.Break(_watch.Look(_whole));

    /// <summary>When it was broken in so many seconds, by the clock of the whole.</summary>
    List<double> Told(double seconds)
    {
        var told = new List<double>();
        for (var i = 0; i < seconds * 4; i++)
        {
            if (Break() is not null) told.Add(_watch.Look(_whole)[0].Elapsed.TotalSeconds);
            _time.Pass(0.25);
        }

        return told;
    }
}
