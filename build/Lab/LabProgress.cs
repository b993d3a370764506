using System.Diagnostics;
using System.Globalization;
using OpenStack.Diagnostics;

namespace OpenStack.Lab;

/// <summary>
/// Tells what the laboratory is at: each slow step while it is under way and when it is done, and each download.
/// </summary>
/// <param name="watch">Is told.</param>
sealed class LabProgress(Watch watch)
{
    /// <summary>A step that takes less is not worth a line.</summary>
    static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(500);

    long _arrived;

    /// <summary>Bytes that have been downloaded.</summary>
    public long Received => Interlocked.Read(ref _arrived);

    /// <summary>Tells a line at once.</summary>
    public void Tell(string line) => watch.Tell(line);

    /// <summary>Runs a step, which is named while it is under way, and told with its time if it was slow.</summary>
    public async Task StepAsync(string name, Func<Task> step)
    {
        var clock = Stopwatch.StartNew();
        using (watch.Begin(name)) await step();
        if (clock.Elapsed > s_slow) Tell(string.Create(
            CultureInfo.InvariantCulture, $"  {name,-32} {clock.Elapsed.TotalSeconds,5:0.0} s"));
    }

    /// <summary>Counts a download until the result is disposed of.</summary>
    public IDisposable Count(string name, Transfer transfer) =>
        new Download(this, watch.Begin(name, transfer: transfer), transfer);

    /// <summary>What counts of a download at its end is what has arrived, also of one that failed.</summary>
    sealed class Download(LabProgress progress, Work work, Transfer transfer) : IDisposable
    {
        public void Dispose()
        {
            work.Dispose();
            Interlocked.Add(ref progress._arrived, transfer.Moved());
        }
    }
}
