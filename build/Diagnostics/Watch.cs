namespace OpenStack.Diagnostics;

/// <summary>
/// What those who wait for a run are told: lines, which stay, and what is under way, which is looked at from time to
/// time. Whoever does something that may take seconds begins it here; how that is shown is not its business.
/// </summary>
/// <param name="tell">Gets the lines, one at a time; nobody, where it is not given.</param>
/// <param name="time">Tells how long something takes.</param>
public sealed class Watch(Action<string>? tell = null, TimeProvider? time = null)
{
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly Lock _telling = new();
    readonly Lock _lock = new();
    readonly List<Work> _underWay = [];

    /// <summary>Bytes of what has ended since the whole began.</summary>
    long _moved;

    /// <summary>Tells a line.</summary>
    public void Tell(string line)
    {
        lock (_telling) tell?.Invoke(line);
    }

    /// <summary>Begins something, which is under way until the result is disposed of.</summary>
    /// <param name="name">What it is, as a person would say it: <c>sealing nova 2025.1</c>.</param>
    /// <param name="detail">What it is at, asked for now and then from another thread.</param>
    /// <param name="transfer">The bytes that come or go.</param>
    public Work Begin(string name, Func<string?>? detail = null, Transfer? transfer = null)
    {
        var work = new Work(name, detail, transfer, _time, End);
        lock (_lock) _underWay.Add(work);
        return work;
    }

    /// <summary>Begins what all else is part of, as far as it begins later.</summary>
    /// <param name="name">What it is.</param>
    public Work BeginWhole(string name)
    {
        lock (_lock) _moved = 0;
        return Begin(name);
    }

    /// <summary>What is under way, in the order in which it began.</summary>
    public IReadOnlyList<Work> UnderWay
    {
        get
        {
            lock (_lock) return [.. _underWay];
        }
    }

    /// <summary>How that is now; for the one thread that shows it.</summary>
    /// <param name="whole">What all else is part of: it comes first, with the bytes of all.</param>
    public IReadOnlyList<WorkState> Look(Work whole)
    {
        var parts = UnderWay.Where(x => x != whole).Select(x => x.Look()).ToList();
        var moving = parts.Where(x => x.Bytes.Length > 0).ToList();
        var state = whole.Look();
        if (moving.Count == 0) return [state, .. parts];
        var before = Interlocked.Read(ref _moved);
        return
        [
            state with
            {
                Moved = before + moving.Sum(x => x.Moved),
                Expected = before + moving.Sum(x => Math.Max(x.Expected, x.Moved ?? 0)),
                Rate = moving.Any(x => x.Rate is not null) ? moving.Sum(x => x.Rate ?? 0) : null,
            },
            .. parts,
        ];
    }

    void End(Work work)
    {
        // Asked before, as whoever knows may hold a lock under which it begins and ends things here.
        var moved = work.Moved;
        lock (_lock)
        {
            if (_underWay.Remove(work)) _moved += moved;
        }
    }
}
