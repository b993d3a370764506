using System.ComponentModel;
using System.Diagnostics;

namespace OpenStack.Processes;

/// <summary>
/// Ends the programs of this process when it ends without having ended them, by SIGKILL too. That is done by a shell
/// which reads the marks of what runs from a pipe: the kernel closes the pipe with the process, however that ends. (The
/// kernel's own PR_SET_PDEATHSIG goes by the thread that started the program, and does not reach the program's
/// children.)
/// </summary>
static class ParentWatch
{
    /// <summary>
    /// Reads lines '+ mark' and '- mark'. At their end, kills whatever has one of the marks that are left in its
    /// environment.
    /// </summary>
    const string Script =
        """
        exec >/dev/null 2>&1
        trap '' HUP INT QUIT TERM
        running=' '
        while read -r sign mark; do
          case $sign in
            +) running="$running$mark " ;;
            -) running="${running%%" $mark "*} ${running#*" $mark "}" ;;
          esac
        done
        set --
        for mark in $running; do set -- "$@" -e "$mark"; done
        [ $# -gt 0 ] || exit 0
        for round in 1 2 3 4 5 6 7 8 9 10; do
          if [ -d /proc/self ]; then found=$(grep -lsF "$@" /proc/[0-9]*/environ | cut -d/ -f3)
          else found=$(ps -A -E -ww -o pid=,command= | grep -F "$@" | sed 's/^ *//; s/ .*//'); fi
          if [ -n "$found" ]; then kill -9 $found; elif [ "$round" -gt 3 ]; then exit 0; fi
          sleep 0.2 || sleep 1
        done
        """;

    static readonly Lazy<Process?> s_shell = new(Start);

    /// <summary>Before the program starts: what is in the pipe is read, whatever becomes of this process.</summary>
    public static void Add(ProgramMark mark) => Write($"+ {mark.Text}\n");

    public static void Remove(ProgramMark mark) => Write($"- {mark.Text}\n");

    static void Write(string line)
    {
        if (s_shell.Value is not { } shell) return;
        try
        {
            lock (shell) shell.StandardInput.Write(line);
        }
        catch (IOException)
        {
            // The shell is gone: what is running when this process is killed runs on; nothing else depends on it.
        }
    }

    /// <returns>Null where there is no shell.</returns>
    static Process? Start()
    {
        if (OperatingSystem.IsWindows()) return null;
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        // It is to outlive what it kills.
        start.Environment.Remove(ProgramMark.Variable);
        try
        {
            var shell = Process.Start(start)!;
            shell.StandardInput.AutoFlush = true;
            return shell;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
