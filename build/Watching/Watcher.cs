using System.Runtime.InteropServices;
using OpenStack.Diagnostics;

namespace OpenStack.Watching;

/// <summary>
/// Shows a run to whoever waits for it, from a thread of its own, which no work of the others can hold up: on a
/// terminal as rows below the log, elsewhere by a line where the log is silent for too long.
/// </summary>
public sealed class Watcher : IDisposable
{
    /// <summary>Between two looks.</summary>
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    readonly Watch _watch;
    readonly Action<IReadOnlyList<WorkState>> _show;
    readonly LiveRegion? _region;
    readonly PosixSignalRegistration? _continued;
    readonly Lock _lock = new();

    /// <summary>What all else is part of; null between two.</summary>
    Work? _whole;

    volatile bool _hasEnded;

    /// <param name="watch">What is under way.</param>
    /// <param name="isLive">Whether there is a terminal to draw on.</param>
    public Watcher(Watch watch, bool isLive)
    {
        _watch = watch;
        if (isLive)
        {
            var terminal = Console.OpenStandardOutput();
            _region = new LiveRegion(x => terminal.Write(Console.OutputEncoding.GetBytes(x)), TimeProvider.System);
            var rows = new LiveRows(Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 });
            _show = x => _region.Draw(rows.Of(x, SizeOr(Console.WindowWidth, 80), SizeOr(Console.WindowHeight, 24)));
            Console.SetOut(new WatchedWriter(Console.Out, _region.Write));
            if (!Console.IsErrorRedirected) Console.SetError(new WatchedWriter(Console.Error, _region.Write));
            // After Ctrl-Z and fg the shell has written.
            if (!OperatingSystem.IsWindows())
                _continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _region.Forget());
        }
        else
        {
            var silence = new Silence(TimeProvider.System);
            _show = x =>
            {
                if (silence.Break(x) is { } line) watch.Tell(line);
            };
            foreach (var (writer, set) in ((TextWriter, Action<TextWriter>)[])
                [(Console.Out, Console.SetOut), (Console.Error, Console.SetError)])
                set(new WatchedWriter(writer, x =>
                {
                    writer.Write(x);
                    silence.Broken();
                }));
        }

        new Thread(Run) { IsBackground = true, Name = nameof(Watcher) }.Start();
    }

    /// <summary>Whether rows can be drawn on what the process writes to.</summary>
    public static bool HasTerminal => !Console.IsOutputRedirected && (OperatingSystem.IsWindows()
        || Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb");

    /// <summary>Shows what is under way as part of this, until <see cref="Leave"/>.</summary>
    public void Enter(string name)
    {
        Leave();
        lock (_lock) _whole = _watch.BeginWhole(name);
    }

    /// <summary>Shows nothing until the next <see cref="Enter"/>.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _whole?.Dispose();
            _whole = null;
            _region?.Draw("");
        }
    }

    /// <summary>Shows nothing any more.</summary>
    public void Dispose()
    {
        _hasEnded = true;
        _region?.End();
        _continued?.Dispose();
    }

    static int SizeOr(int size, int otherwise) => size > 0 ? size : otherwise;

    void Run()
    {
        while (!_hasEnded)
        {
            Thread.Sleep(s_pause);
            try
            {
                lock (_lock)
                {
                    if (!_hasEnded && _whole is { } whole) _show(_watch.Look(whole));
                }
            }
            catch (IOException)
            {
                // The terminal has gone; the run has not.
                return;
            }
        }
    }
}
