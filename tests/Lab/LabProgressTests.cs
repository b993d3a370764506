using OpenStack.Diagnostics;
using OpenStack.Lab;

namespace OpenStack.Tests.Lab;

public sealed class LabProgressTests
{
    readonly List<string> _lines = [];
    readonly Watch _watch;
    readonly LabProgress _progress;

    public LabProgressTests()
    {
        _watch = new Watch(_lines.Add);
        _progress = new LabProgress(_watch);
    }

    [Fact]
    public async Task A_step_and_its_download_are_under_way_and_what_has_arrived_stays_counted()
    {
        using var whole = _watch.Begin("LabUp");
        long arrived = 4_000_000;
        await _progress.StepAsync("tools", () =>
        {
            using (_progress.Count("97 packages", new Transfer(() => 12_000_000, () => arrived)))
                Assert.Equal(["LabUp 0 s, 4.0 of 12 MB", "tools 0 s", "97 packages 0 s, 4.0 of 12 MB"],
                    _watch.Look(whole).Select(x => $"{x}"));
            return Task.CompletedTask;
        });
        Assert.Equal(4_000_000, _progress.Received);
        Assert.Equal([whole], _watch.UnderWay);
    }

    [Fact]
    public async Task A_slow_step_is_told_with_its_time_and_a_quick_one_not()
    {
        await _progress.StepAsync("quick", () => Task.CompletedTask);
        await _progress.StepAsync("slow", () => Task.Delay(600));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _progress.StepAsync("failed", () => throw new InvalidOperationException()));
        Assert.Matches(@"^  slow +0\.\d s$", Assert.Single(_lines));
        Assert.Empty(_watch.UnderWay);
    }
}
