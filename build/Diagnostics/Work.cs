namespace OpenStack.Diagnostics;

/// <summary>Something that is under way, until it is disposed of; see <see cref="Watch.Begin"/>.</summary>
public sealed class Work : IDisposable
{
    /// <summary>What a rate is of: short enough to show that a download has stopped.</summary>
    static readonly TimeSpan s_window = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks that a rate is made of.</summary>
    static readonly TimeSpan s_step = TimeSpan.FromSeconds(0.5);

    readonly TimeProvider _time;
    readonly Action<Work> _end;
    readonly Func<string?>? _detail;
    readonly Transfer? _transfer;
    readonly long _began;
    readonly Queue<(long Time, long Moved)> _looks = new();
    long _looked;

    internal Work(string name, Func<string?>? detail, Transfer? transfer, TimeProvider time, Action<Work> end)
    {
        (Name, _detail, _transfer, _time, _end) = (name, detail, transfer, time, end);
        _looked = _began = time.GetTimestamp();
        _looks.Enqueue((_began, Moved));
    }

    /// <summary>What it is, as a person would say it.</summary>
    public string Name { get; }

    /// <summary>Bytes that have come or gone.</summary>
    internal long Moved => _transfer?.Moved() ?? 0;

    /// <summary>How it is now. For one thread: a rate is what has come since that looked before.</summary>
    internal WorkState Look()
    {
        var (now, elapsed) = (_time.GetTimestamp(), _time.GetElapsedTime(_began));
        if (_transfer is null) return new WorkState(Name, elapsed, _detail?.Invoke());
        var moved = Moved;
        if (_time.GetElapsedTime(_looked, now) >= s_step)
        {
            _looks.Enqueue((now, moved));
            _looked = now;
        }

        // Where nobody has looked for long, it is what has come since.
        while (_looks.Count > 2 && _time.GetElapsedTime(_looks.Peek().Time, now) > s_window) _looks.Dequeue();
        var (since, before) = _looks.Peek();
        var seconds = _time.GetElapsedTime(since, now).TotalSeconds;
        return new WorkState(Name, elapsed, _detail?.Invoke())
        {
            Moved = moved,
            Expected = Math.Max(0, _transfer.Expected()),
            Rate = seconds < s_step.TotalSeconds ? null : Math.Max(0, moved - before) / seconds,
        };
    }

    public void Dispose() => _end(this);
}
