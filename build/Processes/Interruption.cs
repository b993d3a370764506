using System.Runtime.InteropServices;

namespace OpenStack.Processes;

/// <summary>
/// The end of a run by SIGINT (Ctrl-C) or SIGTERM, within a second: the programs that it has started are ended with all
/// that they have started, nothing is begun any more, and the process ends as one that the signal has ended. Locks end
/// with it, and what it was making is beside its place (<c>Storage.Stage</c>). A second signal ends it at once.
/// </summary>
public static class Interruption
{
    /// <summary>Whatever holds up the end of the run.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    static readonly List<PosixSignalRegistration> s_watched = [];
    static int s_signals;

    /// <summary>Whether the run is about to end.</summary>
    static bool IsUnderWay => Volatile.Read(ref s_signals) > 0;

    /// <summary>From now on; handlers that were there before are not asked any more.</summary>
    /// <param name="begin">Is told the name of the signal, before anything is ended.</param>
    /// <param name="finish">Says what has become of the run, after the programs have ended.</param>
    public static void Watch(Action<string> begin, Action<string> finish)
    {
        // Those that were registered last are asked first.
        foreach (var (signal, number) in ((PosixSignal, int)[])[(PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15)])
            s_watched.Add(PosixSignalRegistration.Create(signal, x =>
            {
                x.Cancel = true;
                End($"{signal}", 128 + number, begin, finish);
            }));
    }

    /// <summary>What a program says that was ended for this reason is no result, and nobody gets it.</summary>
    internal static Task HoldAsync() => IsUnderWay ? Task.Delay(Timeout.Infinite) : Task.CompletedTask;

    static void End(string signal, int exitCode, Action<string> begin, Action<string> finish)
    {
        if (Interlocked.Increment(ref s_signals) > 1) EndNow(exitCode);
        var late = new Thread(() =>
        {
            Thread.Sleep(s_patience);
            EndNow(exitCode);
        })
        {
            IsBackground = true,
        };
        late.Start();
        begin(signal);
        ProgramMark.KillAll();
        finish(signal);
        Environment.Exit(exitCode);
    }

    /// <summary>Without a word more; <see cref="ParentWatch"/> ends what is left.</summary>
    static void EndNow(int exitCode)
    {
        if (OperatingSystem.IsWindows()) Environment.Exit(exitCode);
        else ExitProcess(exitCode);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern void ExitProcess(int exitCode);
}
