using OpenStack.Diagnostics;
using OpenStack.Report;

namespace OpenStack.Tests.Report;

public sealed class HistoryTests : IDisposable
{
    readonly ReportTree _tree = new();

    public void Dispose() => _tree.Dispose();

    string[] Files => [.. Directory.GetFiles(_tree.Artifacts / "history").Order(StringComparer.Ordinal)
        .Select(x => Path.GetFileName(x))];

    [Fact]
    public async Task AReportThatFindsWhatTheLastOneFoundAddsNothing()
    {
        var nova = _tree.Place("nova");
        _tree.Build(nova, [(1, 100)]);
        await _tree.ReportAsync(ReportTree.Day);
        await _tree.ReportAsync(ReportTree.Day.AddHours(1));
        Assert.Equal(["20261201T020304Z.json"], Files);
        _tree.Build(nova, [(1, 200)]);
        var overview = await _tree.ReportAsync(ReportTree.Day.AddHours(2));
        Assert.Equal(["20261201T020304Z.json", "20261201T040304Z.json"], Files);
        Assert.Equal(2, overview.Runs.Count);
        Assert.Contains("<polyline", _tree.Page("index.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhyAnImageIsAnotherOneIsWhatItsInputsAreOtherwise()
    {
        var nova = _tree.Place("nova");
        var before = _tree.Build(nova, [(1, 100)], inputs: new Dictionary<string, string>
        {
            ["arg.SERVICE"] = "nova",
            ["gone"] = "x",
            ["source.revision"] = "old",
            ["long"] = new string('a', 500),
        });
        await _tree.ReportAsync(ReportTree.Day);
        _tree.Build(nova, [(2, 100)], inputs: new Dictionary<string, string>
        {
            ["arg.SERVICE"] = "nova",
            ["source.revision"] = "new",
            ["long"] = new string('a', 500),
        });
        // As often as it is asked.
        foreach (var hours in new[] { 1, 2 })
        {
            var reason = (await _tree.ReportAsync(ReportTree.Day.AddHours(hours))).Images[0].Rebuilt.Value!;
            Assert.Equal((before, ReportTree.Day), (reason.Before, reason.Seen));
            Assert.Equal([new InputChange("gone", "x", null), new InputChange("source.revision", "old", "new")],
                reason.Changes);
        }
    }

    [Fact]
    public async Task ItDoesNotGrowForEver()
    {
        var nova = _tree.Place("nova");
        for (var i = 0; i <= History.Most; i++)
        {
            _tree.Build(nova, [(i + 1, 10)]);
            await _tree.ReportAsync(ReportTree.Day.AddDays(i));
        }

        Assert.Equal(History.Most, Files.Length);
        Assert.Equal("20261202T020304Z.json", Files[0]);
    }

    [Fact]
    public async Task AFileThatIsNoneIsAProblem()
    {
        _tree.Write("artifacts/history/20260101T000000Z.json", "[]");
        var e = await Assert.ThrowsAsync<ProblemException>(() => _tree.ReportAsync());
        Assert.Equal("artifacts/history/20260101T000000Z.json", e.Problems[0].File);
        Assert.Equal("Delete it: trends do without", e.Problems[0].Remedy);
    }
}
