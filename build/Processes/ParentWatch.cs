using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

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

    /// <summary>No command waits for the shell to start.</summary>
    static readonly Lazy<Channel<string>> s_lines = new(() =>
    {
        var lines = Channel.CreateUnbounded<string>();
        _ = Task.Run(() => WriteAsync(lines.Reader));
        return lines;
    });

    public static void Add(ProgramMark mark) => s_lines.Value.Writer.TryWrite($"+ {mark.Text}\n");

    public static void Remove(ProgramMark mark) => s_lines.Value.Writer.TryWrite($"- {mark.Text}\n");

    static async Task WriteAsync(ChannelReader<string> lines)
    {
        try
        {
            using var shell = OperatingSystem.IsWindows() ? null : Start();
            await foreach (var line in lines.ReadAllAsync())
            {
                if (shell is not null) await shell.StandardInput.WriteAsync(line);
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            // Without a shell, what is running when this process is killed runs on; nothing else depends on it.
        }
    }

    static Process Start()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        // It is to outlive what it kills.
        start.Environment.Remove(ProgramMark.Variable);
        var shell = Process.Start(start)!;
        shell.StandardInput.AutoFlush = true;
        return shell;
    }
}
