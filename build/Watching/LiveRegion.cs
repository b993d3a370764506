namespace OpenStack.Watching;

/// <summary>
/// Rows at the end of a terminal that are drawn again and again, below all else that is written to it. What is written
/// goes out at once and whole, above them; the cursor stands on the line below and is never hidden, so that whatever
/// ends the process leaves a terminal that can be worked with. A library's would clear the terminal with its history
/// when that is made smaller, and knows only of what is written by itself.
/// </summary>
/// <param name="write">Writes to the terminal, in one piece.</param>
/// <param name="time">Tells when it was drawn last.</param>
sealed class LiveRegion(Action<string> write, TimeProvider time)
{
    /// <summary>Many lines at once are not worth as many drawings.</summary>
    static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(50);

    readonly Lock _lock = new();
    string _wanted = "";
    string _shown = "";
    long? _drawn;
    bool _isLineOpen;
    bool _hasEnded;

    /// <summary>Shows other rows.</summary>
    /// <param name="rows">Each with its end; none that is longer than the terminal is wide.</param>
    public void Draw(string rows)
    {
        lock (_lock)
        {
            if (_hasEnded) return;
            _wanted = rows;
            if (_isLineOpen || _wanted == _shown) return;
            write(Erasure() + _wanted);
            Drawn();
        }
    }

    /// <summary>Writes above the rows, which come back when the line is whole.</summary>
    public void Write(string text)
    {
        if (text.Length == 0) return;
        lock (_lock)
        {
            _isLineOpen = !text.EndsWith('\n');
            if (_isLineOpen || (_drawn is { } drawn && time.GetElapsedTime(drawn) < s_rest))
            {
                write(Erasure() + text);
                _shown = "";
                return;
            }

            write(Erasure() + text + _wanted);
            Drawn();
        }
    }

    /// <summary>Takes the rows away for good.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_shown.Length > 0) write(Erasure());
            (_wanted, _shown, _hasEnded) = ("", "", true);
        }
    }

    /// <summary>Somebody else has written to the terminal: the rows that are there stay.</summary>
    public void Forget()
    {
        lock (_lock) _shown = "";
    }

    void Drawn() => (_shown, _drawn) = (_wanted, time.GetTimestamp());

    /// <summary>Up to the first row, and everything below is gone (ECMA-48: CUU, ED).</summary>
    string Erasure() => _shown.Length == 0 ? "" : $"\r\e[{_shown.Count(x => x == '\n')}A\e[J";
}
