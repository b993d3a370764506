using System.Diagnostics;
using OpenStack.Lab;

namespace OpenStack.Tests.Lab;

public sealed class LabProgressTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(80);

    [Fact]
    public async Task A_silence_ends_with_what_is_under_way_also_when_all_workers_are_busy()
    {
        var lines = new List<(TimeSpan Time, string Line)>();
        var clock = Stopwatch.StartNew();
        using (var progress = new LabProgress(x => lines.Add((clock.Elapsed, x)), s_patience))
        {
            // More work than there are threads: what waits for one of them would be silent.
            await progress.StepAsync("base image", () => Task.Run(() => Parallel.For(0, 64, _ => Thread.Sleep(40))));
        }

        Assert.NotEmpty(lines);
        Assert.Equal("  base image 0 s", lines[0].Line);
        Assert.InRange(lines[0].Time, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Bytes_and_rate_are_told_and_what_has_arrived_stays_counted()
    {
        var lines = new List<string>();
        long arrived = 4_000_000;
        using var progress = new LabProgress(lines.Add, s_patience);
        await progress.StepAsync("tools", async () =>
        {
            using (progress.Count(new Transfer(() => 12_000_000, () => arrived))) await Task.Delay(400);
        });
        Assert.Equal(4_000_000, progress.Received);
        Assert.Matches(@"^  4\.0 of 12 MB, [\d.]+ MB/s; tools 0 s$", lines[0]);
    }

    [Fact]
    public async Task A_slow_step_is_told_with_its_time_and_a_quick_one_not()
    {
        var lines = new List<string>();
        using var progress = new LabProgress(lines.Add, TimeSpan.FromMinutes(1));
        await progress.StepAsync("quick", () => Task.CompletedTask);
        await progress.StepAsync("slow", () => Task.Delay(600));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            progress.StepAsync("failed", () => throw new InvalidOperationException()));
        Assert.Matches(@"^  slow +0\.\d s$", Assert.Single(lines));
    }
}
