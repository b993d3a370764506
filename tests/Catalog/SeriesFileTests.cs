using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

public sealed class SeriesFileTests : IDisposable
{
    const string File = "releases/2025.1/series.yaml";

    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        var epoxy = new Series("2025.1", "epoxy", SeriesStatus.Maintained)
        {
            InitialRelease = new DateOnly(2025, 4, 2),
            NextStatus = SeriesStatus.Unmaintained,
            NextDate = new DateOnly(2026, 10, 2),
            IsSlurp = true,
        };
        var text = SeriesFile.TextOf(epoxy);
        Assert.EndsWith("\n\nname: \"epoxy\"\nstatus: maintained\nslurp: true\ninitial-release: 2025-04-02\n"
            + "next-phase:\n  status: unmaintained\n  date: 2026-10-02\n", text, StringComparison.Ordinal);
        Assert.Equal(epoxy, _repository.Write(File, text).Load().Releases["2025.1"].Series);
        var ended = new Series("2025.1", "epoxy", SeriesStatus.EndOfLife) { Since = new DateOnly(2029, 1, 31) };
        Assert.Equal(ended, _repository.Write(File, SeriesFile.TextOf(ended)).Load().Releases["2025.1"].Series);
        // A word that YAML would read as something else.
        var no = new Series("2025.1", "no", SeriesStatus.Unmaintained) { NextStatus = SeriesStatus.EndOfLife };
        Assert.Equal(no, _repository.Write(File, SeriesFile.TextOf(no)).Load().Releases["2025.1"].Series);
    }

    [Fact]
    public void WithoutTheFileNothingIsKnown()
    {
        var release = _repository.Load().Releases["2025.1"];
        Assert.Null(release.Series);
        Assert.Null(release.On(new DateOnly(2040, 1, 1)));
        Assert.Equal(["2025.1", "not known", "not known", "not known"],
            Assert.Single(ReleaseTable.Of([release], new DateOnly(2040, 1, 1)).Rows));
        Assert.Empty(ReleaseTable.Ended([release], [], new DateOnly(2040, 1, 1)));
    }

    [Theory]
    [InlineData("name: epoxy\nstatus: retired\n",
        ":2:9: 'retired' is no status; expected future, development, maintained, unmaintained, end of life")]
    [InlineData("name: epoxy\nstatus: maintaned\n", ":2:9: 'maintaned' is no status; expected future, development, "
        + "maintained, unmaintained, end of life. Did you mean 'maintained' or 'unmaintained'?")]
    [InlineData("status: maintained\n", ":1:1: there is no 'name'; expected name and status")]
    [InlineData("name: epoxy\n", ":1:1: there is no 'status'; expected name and status")]
    [InlineData("name: ../epoxy\nstatus: maintained\n", ":1:7: '../epoxy' is not the name of a component; expected "
        + "lower-case letters, digits and . _ - between them, as in oslo.messaging")]
    [InlineData("name: epoxy\nstatus: maintained\nslurp: yes\n", ":3:8: there is 'yes'; expected true or false")]
    [InlineData("name: epoxy\nstatus: maintained\nsince: 2026-2-1\n",
        ":3:8: '2026-2-1' is no date; expected a day such as 2026-10-02")]
    [InlineData("name: epoxy\nstatus: maintained\nnext-phase:\n  date: 2026-10-02\n",
        ":4:3: there is no 'status'; expected status, date")]
    [InlineData("name: epoxy\nstatus: maintained\nnext-phase:\n  status: [a]\n", ":4:11: there is a list; expected "
        + "future, development, maintained, unmaintained, end of life")]
    [InlineData("name: epoxy\nstatus: unmaintained\nnext-phase:\n  status: maintained\n", ":1:1: 'maintained' does "
        + "not come after 'unmaintained'; expected in this order: future, development, maintained, unmaintained, "
        + "end of life")]
    [InlineData("name: epoxy\nstatus: maintained\nnext-phase: unmaintained\n",
        ":3:13: there is text; expected a mapping of status, date")]
    [InlineData("name: epoxy\nstatus: maintained\nslurps: true\n", ":3:1: 'slurps' is not known here; expected name, "
        + "status, since, slurp, initial-release, next-phase. Did you mean 'slurp'?")]
    [InlineData("- epoxy\n",
        ":1:1: there is a list; expected a mapping of name, status, since, slurp, initial-release, next-phase")]
    public void MistakeIsReported(string text, string expected) =>
        Assert.Equal(File + expected, _repository.Write(File, text).Problems()[0]);

    [Fact]
    public void ANearMissOfTheFileIsNotPassedOver() =>
        Assert.Equal(["releases/2025.1/serie.yaml: this file is not read. Did you mean 'series.yaml'?"],
            _repository.Write("releases/2025.1/serie.yaml", "name: epoxy\n").Problems());
}
