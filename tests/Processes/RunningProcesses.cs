using System.Globalization;
using System.Text;

namespace OpenStack.Tests.Processes;

/// <summary>
/// The processes of one test, by a variable in their environment. Those that are left are killed at its end.
/// </summary>
sealed class RunningProcesses : IDisposable
{
    const string Variable = "OPENSTACK_IMAGES_TEST";

    readonly string _value = Guid.NewGuid().ToString("N");

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?> { [Variable] = _value };

    /// <summary>Ids of those that run; none where there is no /proc.</summary>
    public IReadOnlyList<int> Find() => !Directory.Exists("/proc/self") ? [] :
    [
        .. Directory.GetDirectories("/proc")
            .Select(x => int.TryParse(Path.GetFileName(x), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(x => x > 0 && EnvironmentOf(x).Contains($"{Variable}={_value}", StringComparison.Ordinal)),
    ];

    /// <summary>Waits until there are none, and fails if that takes long.</summary>
    public async Task AreGoneAsync()
    {
        var end = DateTime.UtcNow.AddSeconds(20);
        for (; Find().Count > 0; await Task.Delay(50))
            if (DateTime.UtcNow > end) Assert.Fail(Describe());
    }

    public void Dispose()
    {
        foreach (var id in Find())
        {
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(id);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended by itself.
            }
        }
    }

    string Describe() =>
        string.Join('\n', Find().Select(x => $"{x} {TextOf(x, "cmdline").Replace('\0', ' ')}"));

    static string EnvironmentOf(int id) => TextOf(id, "environ");

    /// <summary>What there is to read of a process; empty of one that has ended meanwhile.</summary>
    static string TextOf(int id, string file)
    {
        try
        {
            return Encoding.Latin1.GetString(File.ReadAllBytes($"/proc/{id}/{file}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
