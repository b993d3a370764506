using System.Globalization;
using System.Runtime.InteropServices;
using Nuke.Common.IO;

namespace OpenStack.Lab;

/// <summary>
/// The laboratory's own processes, told by the program they run: no process identifier is believed that does not run a
/// program from the laboratory's tools.
/// </summary>
static class LabProcesses
{
    const int Terminate = 15;
    const int Kill = 9;

    /// <summary>Processes that run a program below <paramref name="tools"/>.</summary>
    public static IReadOnlyList<int> Of(AbsolutePath tools) => [.. All().Where(x => Runs(x, tools))];

    /// <summary>Whether the process runs a program below (or is itself) <paramref name="program"/>.</summary>
    public static bool Runs(int id, AbsolutePath program)
    {
        try
        {
            var target = new FileInfo($"/proc/{id}/exe").LinkTarget;
            return target is not null
                && (target + "/")
                    .Replace(" (deleted)/", "/", StringComparison.Ordinal)
                    .StartsWith($"{program}/", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Asks processes to end, waits, and reports whether all have ended in time.</summary>
    public static async Task<bool> TerminateAsync(IReadOnlyList<int> ids, AbsolutePath tools, TimeSpan patience)
    {
        foreach (var id in ids) _ = Signal(id, Terminate);
        for (var end = DateTime.UtcNow + patience; DateTime.UtcNow < end; await Task.Delay(50))
        {
            if (!ids.Any(x => Runs(x, tools))) return true;
        }

        return ids.Count == 0;
    }

    /// <summary>Ends whatever is left of the laboratory at once, containers included.</summary>
    public static async Task KillAllAsync(AbsolutePath tools)
    {
        // Containers run other programs, below one of ours.
        for (var round = 0; round < 100; round++)
        {
            var ours = Of(tools);
            if (ours.Count == 0) return;
            foreach (var id in WithDescendants(ours)) _ = Signal(id, Kill);
            await Task.Delay(20);
        }
    }

    /// <summary>
    /// Ends what a killed run left running: processes with this setting in their environment. Nobody else may be at
    /// work meanwhile.
    /// </summary>
    public static async Task KillMarkedAsync(string variable, string value)
    {
        var mark = $"\0{variable}={value}\0";
        for (var round = 0; round < 100; round++)
        {
            var marked = All().Where(x => $"\0{Read(x, "environ")}".Contains(mark, StringComparison.Ordinal)).ToList();
            if (marked.Count == 0) return;
            foreach (var id in marked) _ = Signal(id, Kill);
            await Task.Delay(20);
        }
    }

    static HashSet<int> WithDescendants(IReadOnlyList<int> ids)
    {
        var children = All().ToLookup(Parent);
        var found = new HashSet<int>();
        var open = new Stack<int>(ids);
        while (open.TryPop(out var id))
        {
            if (!found.Add(id)) continue;
            foreach (var child in children[id]) open.Push(child);
        }

        return found;
    }

    static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(x => int.TryParse(Path.GetFileName(x), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : 0)
        .Where(x => x > 0);

    /// <summary>
    /// Parent of a process, 0 when it has gone (proc_pid_stat(5); the program's name may hold blanks and brackets).
    /// </summary>
    static int Parent(int id)
    {
        var stat = Read(id, "stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>A file of a process, empty when the process has gone.</summary>
    static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Signal(int id, int signal);
}
