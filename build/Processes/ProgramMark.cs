using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace OpenStack.Processes;

/// <summary>
/// What tells the processes of one <see cref="Command"/> from all others: a variable in their environment, which
/// whoever they start inherits, even one that leaves their group or session or outlives its parent.
/// </summary>
sealed class ProgramMark : IDisposable
{
    /// <summary>The marks of all commands that a process descends from, one after the other.</summary>
    public const string Variable = "OPENSTACK_IMAGES_COMMAND";

    const string Processes = "/proc";
    const int Killed = 9;

    /// <summary>A process may start another while it is being looked for.</summary>
    const int MostRounds = 10;

    static readonly string s_ofThisProcess = Guid.NewGuid().ToString("N");
    static readonly ConcurrentDictionary<ProgramMark, bool> s_running = [];
    static int s_count;

    public ProgramMark()
    {
        ParentWatch.Add(this);
        s_running.TryAdd(this, true);
    }

    /// <summary>No other command has it as a part of its own.</summary>
    public string Text { get; } =
        $"{s_ofThisProcess}.{Interlocked.Increment(ref s_count).ToString(CultureInfo.InvariantCulture)};";

    /// <summary>Value of <see cref="Variable"/> for the program.</summary>
    public string Value => Environment.GetEnvironmentVariable(Variable) + Text;

    /// <summary>Nothing is killed by this mark any more, whatever becomes of this process.</summary>
    public void Dispose()
    {
        s_running.TryRemove(this, out _);
        ParentWatch.Remove(this);
    }

    /// <summary>Kills what all commands have started that run now, and nothing that earlier ones have left.</summary>
    public static void KillAll()
    {
        var marks = s_running.Keys.ToList();
        Kill(marks);
        // So that the shell that watches has nothing to look for, and ends with this process.
        marks.ForEach(ParentWatch.Remove);
    }

    /// <summary>
    /// Kills all that carry the mark. Where the environment of others cannot be read, nothing happens.
    /// </summary>
    public void Kill() => Kill([this]);

    static void Kill(IReadOnlyList<ProgramMark> marks)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var found = Find([.. marks.Select(x => System.Text.Encoding.ASCII.GetBytes(x.Text))]);
            if (found.Count == 0) return;
            foreach (var process in found) _ = Signal(process, Killed);
            Thread.Sleep(round);
        }
    }

    static List<int> Find(IReadOnlyList<byte[]> marks)
    {
        var found = new List<int>();
        if (!OperatingSystem.IsLinux()) return found;
        foreach (var directory in Directory.EnumerateDirectories(Processes))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process)) continue;
            try
            {
                var environment = File.ReadAllBytes($"{directory}/environ");
                if (marks.Any(x => environment.AsSpan().IndexOf(x) >= 0)) found.Add(process);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended, or belongs to somebody else.
            }
        }

        return found;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Signal(int process, int signal);
}
