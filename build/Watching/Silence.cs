using OpenStack.Diagnostics;

namespace OpenStack.Watching;

/// <summary>
/// When a silence is broken where nothing can be drawn: within three seconds, and, as long as the same things go on,
/// after twice as long each time, so that a log does not fill.
/// </summary>
/// <param name="time">Tells how long it has been.</param>
sealed class Silence(TimeProvider time)
{
    /// <summary>Three seconds are what nobody should have to wonder for; telling takes a moment, too.</summary>
    static readonly TimeSpan s_first = TimeSpan.FromSeconds(2.5);

    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <summary>Of many, those that have taken the longest; the others are counted.</summary>
    const int Most = 3;

    TimeSpan _patience = s_first;
    string _told = "";
    long _since = time.GetTimestamp();

    /// <summary>Something was written.</summary>
    public void Broken() => Volatile.Write(ref _since, time.GetTimestamp());

    /// <summary>What is to be said now; null as long as nothing is.</summary>
    /// <param name="states">What is under way, the first of it being what all else is part of.</param>
    public string? Break(IReadOnlyList<WorkState> states)
    {
        if (states.Count == 0) return null;
        var now = string.Join('\n', states.Select(x => x.Name));
        // Another phase is worth saying again soon.
        if (now != _told) _patience = s_first;
        if (time.GetElapsedTime(Volatile.Read(ref _since)) < _patience) return null;
        if (now == _told) _patience = _patience * 2 < s_longest ? _patience * 2 : s_longest;
        else _patience = s_first * 2;
        _told = now;
        Broken();
        return LineOf(states);
    }

    /// <summary><c>still at BuildService 70 s: sealing nova 2025.1 12 s; sealing glance 2025.1 9 s</c>.</summary>
    static string LineOf(IReadOnlyList<WorkState> states)
    {
        var parts = states.Skip(1).OrderByDescending(x => x.Elapsed).Select(x => $"{x}").ToList();
        var more = parts.Count > Most ? $"; and {parts.Count - Most} more" : "";
        return $"still at {states[0]}"
            + (parts.Count == 0 ? "" : $": {string.Join("; ", parts.Take(Most))}{more}");
    }
}
