using System.Diagnostics;

namespace OpenStack.Diagnostics;

/// <summary>
/// Breaks silences: whenever nothing was told for a while, tells what is under way. From a thread of its own, which no
/// work of the others can hold up.
/// </summary>
public sealed class Heartbeat : IDisposable
{
    /// <summary>After so long a silence something is told: whoever waits is not to wonder for three seconds.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.5);

    readonly Action<string> _report;
    readonly Func<string?> _state;
    readonly TimeSpan _patience;
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly ManualResetEventSlim _end = new();
    readonly Lock _lock = new();
    readonly Thread _thread;
    TimeSpan _told;

    /// <param name="report">Gets the lines, one at a time.</param>
    /// <param name="state">What is under way; null where nothing is.</param>
    /// <param name="patience">Longest silence; null for the usual one.</param>
    public Heartbeat(Action<string> report, Func<string?> state, TimeSpan? patience = null)
    {
        (_report, _state, _patience) = (report, state, patience ?? s_patience);
        _thread = new Thread(Watch) { IsBackground = true, Name = nameof(Heartbeat) };
        _thread.Start();
    }

    /// <summary>Tells a line at once.</summary>
    public void Tell(string line)
    {
        lock (_lock)
        {
            _report(line);
            _told = _clock.Elapsed;
        }
    }

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
    }

    void Watch()
    {
        while (!_end.Wait(_patience / 8))
        {
            lock (_lock)
            {
                if (_clock.Elapsed - _told < _patience) continue;
                if (_state() is { } state) _report(state);
                _told = _clock.Elapsed;
            }
        }
    }
}
