using OpenStack.Tests.Diagnostics;
using OpenStack.Watching;

namespace OpenStack.Tests.Watching;

public sealed class LiveRegionTests
{
    readonly TerminalScreen _screen = new();
    readonly ManualTime _time = new();
    readonly LiveRegion _region;
    int _writes;

    public LiveRegionTests() => _region = new LiveRegion(x =>
    {
        _writes++;
        _screen.Write(x);
    }, _time);

    [Fact]
    public void LinesStandAboveTheRowsAndRowsInThePlaceOfThoseBefore()
    {
        _region.Write("one\n");
        _region.Draw("BuildService 1 s\n  nova 1 s\n");
        _time.Pass(1);
        _region.Write("two\n");
        Assert.Equal(["one", "two", "BuildService 1 s", "  nova 1 s"], _screen.Lines);
        Assert.True(_screen.IsAtEnd);
        _region.Draw("BuildService 2 s\n");
        Assert.Equal(["one", "two", "BuildService 2 s"], _screen.Lines);
        var writes = _writes;
        _region.Draw("BuildService 2 s\n");
        Assert.Equal(writes, _writes);
        _region.Draw("");
        Assert.Equal(["one", "two"], _screen.Lines);
    }

    [Fact]
    public void ALineThatComesInPiecesIsNotTorn()
    {
        _region.Draw("row\n");
        _region.Write("12:00 [");
        _region.Draw("other row\n");
        _region.Write("INF");
        _region.Write("");
        _region.Write("] said");
        Assert.Equal(["12:00 [INF] said"], _screen.Lines);
        _time.Pass(1);
        _region.Write("\n");
        Assert.Equal(["12:00 [INF] said", "other row"], _screen.Lines);
    }

    [Fact]
    public void ManyLinesAtOnceAreNotWorthAsManyDrawings()
    {
        _region.Draw("row\n");
        for (var i = 0; i < 100; i++) _region.Write($"{i}\n");
        Assert.Equal(100, _screen.Lines.Count);
        _region.Draw("row\n");
        Assert.Equal("row", _screen.Lines[^1]);
    }

    [Fact]
    public void NothingIsDrawnAfterTheEndAndLinesStillCome()
    {
        _region.Draw("row\n");
        _region.End();
        _region.Draw("row\n");
        _time.Pass(1);
        _region.Write("interrupted\n");
        Assert.Equal(["interrupted"], _screen.Lines);
        Assert.True(_screen.IsAtEnd);
    }

    /// <summary>After Ctrl-Z the shell has written, and what it has written stays.</summary>
    [Fact]
    public void WhatOthersHaveWrittenStays()
    {
        _region.Draw("row\n");
        _screen.Write("$ fg\n");
        _region.Forget();
        _region.Draw("row 2\n");
        Assert.Equal(["row", "$ fg", "row 2"], _screen.Lines);
    }

    [Fact]
    [Trait("Fuzz", "yes")]
    public void NothingOfTheLogIsEverLost()
    {
        var random = FuzzSeed.At(23);
        var (expected, line) = (new List<string>(), "");
        for (var i = 0; i < 5_000; i++)
        {
            _time.Pass(random.NextDouble() / 10);
            if (random.Next(3) == 0)
            {
                _region.Draw(string.Concat(Enumerable.Range(0, random.Next(6)).Select(x => $"row {x} {i}\n")));
                continue;
            }

            var text = $"{i} ";
            line += text;
            if (random.Next(2) == 0)
            {
                text += "\n";
                expected.Add(line.TrimEnd());
                line = "";
            }

            _region.Write(text);
        }

        _region.Write("\n");
        _region.End();
        if (line.Length > 0) expected.Add(line.TrimEnd());
        Assert.Equal(expected, _screen.Lines);
    }
}
