using OpenStack.Diagnostics;

namespace OpenStack.Watching;

/// <summary>
/// When a silence is broken where nothing can be drawn: within three seconds, for as long as it lasts.
/// </summary>
/// <param name="time">Tells how long it has been.</param>
sealed class Silence(TimeProvider time)
{
    /// <summary>Three seconds are what nobody should have to wonder for; telling takes a moment, too.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2.5);

    /// <summary>Of many, those that have taken the longest; the others are counted.</summary>
    const int Most = 3;

    long _since = time.GetTimestamp();

    /// <summary>Something was written.</summary>
    public void Broken() => Volatile.Write(ref _since, time.GetTimestamp());

    /// <summary>What is to be said now; null as long as nothing is.</summary>
    /// <param name="states">What is under way, the first of it being what all else is part of.</param>
    public string? Break(IReadOnlyList<WorkState> states)
    {
        if (states.Count == 0 || time.GetElapsedTime(Volatile.Read(ref _since)) < s_patience) return null;
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
