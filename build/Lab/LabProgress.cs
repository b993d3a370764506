using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OpenStack.Diagnostics;

namespace OpenStack.Lab;

/// <summary>
/// Tells what the laboratory is at: each slow step when it is done and, whenever nothing was told for a while, what is
/// under way, what has arrived of the downloads, and how fast.
/// </summary>
sealed class LabProgress : IDisposable
{
    /// <summary>A step that takes less is not worth a line.</summary>
    static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(500);

    readonly ConcurrentDictionary<string, Stopwatch> _steps = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Transfer, bool> _transfers = new();
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly Heartbeat _heartbeat;
    long _arrived;
    (TimeSpan Time, long Bytes) _before;

    /// <param name="report">Gets the lines, one at a time.</param>
    /// <param name="patience">Longest silence; null for the usual one.</param>
    public LabProgress(Action<string> report, TimeSpan? patience = null) =>
        _heartbeat = new Heartbeat(report, State, patience);

    /// <summary>Bytes that have been downloaded.</summary>
    public long Received => Interlocked.Read(ref _arrived) + _transfers.Keys.Sum(x => x.Received());

    /// <summary>Tells a line at once.</summary>
    public void Tell(string line) => _heartbeat.Tell(line);

    /// <summary>Runs a step, which is named while it is under way, and told with its time if it was slow.</summary>
    public async Task StepAsync(string name, Func<Task> step)
    {
        var watch = _steps[name] = Stopwatch.StartNew();
        try
        {
            await step();
        }
        finally
        {
            _steps.TryRemove(name, out _);
        }

        if (watch.Elapsed > s_slow) Tell(string.Create(
            CultureInfo.InvariantCulture, $"  {name,-32} {watch.Elapsed.TotalSeconds,5:0.0} s"));
    }

    /// <summary>Counts a download until the result is disposed of.</summary>
    public IDisposable Count(Transfer transfer)
    {
        _transfers[transfer] = true;
        return new Counted(this, transfer);
    }

    /// <summary>Megabytes as apt tells them, of 10⁶ bytes.</summary>
    public static string Megabytes(long bytes) =>
        (bytes / 1e6).ToString(bytes < 10_000_000 ? "0.0" : "0", CultureInfo.InvariantCulture);

    public void Dispose() => _heartbeat.Dispose();

    /// <summary>
    /// <c>  38 of 121 MB, 11 MB/s; base-image 12 s, packages of keystone 4 s</c>; null where nothing is under way.
    /// </summary>
    string? State()
    {
        var parts = new List<string>();
        var (now, received) = (_clock.Elapsed, Received);
        if (!_transfers.IsEmpty)
        {
            var expected = Math.Max(received, Interlocked.Read(ref _arrived) + _transfers.Keys.Sum(x => x.Expected()));
            var rate = (long)(Math.Max(0, received - _before.Bytes) / Math.Max(0.1, (now - _before.Time).TotalSeconds));
            parts.Add($"{Megabytes(received)} of {Megabytes(expected)} MB, {Megabytes(rate)} MB/s");
        }

        _before = (now, received);
        var steps = _steps.OrderByDescending(x => x.Value.Elapsed)
            .Select(x => $"{x.Key} {x.Value.Elapsed.TotalSeconds:0} s").ToList();
        if (steps.Count > 0) parts.Add(string.Join(", ", steps));
        return parts.Count == 0 ? null : $"  {string.Join("; ", parts)}";
    }

    /// <summary>What counts of a download at its end is what has arrived, also of one that failed.</summary>
    sealed class Counted(LabProgress progress, Transfer transfer) : IDisposable
    {
        public void Dispose()
        {
            if (progress._transfers.TryRemove(transfer, out _))
                Interlocked.Add(ref progress._arrived, transfer.Received());
        }
    }
}
