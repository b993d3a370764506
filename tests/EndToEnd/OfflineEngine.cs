using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Processes;
using OpenStack.Storage;
using OpenStack.Tests.Network;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// A machine without a network: namespaces with a loopback device and nothing else, in which an engine of its own
/// starts, empty, with the programs of the laboratory. What is run in it ends, and takes all of that with it.
/// </summary>
sealed class OfflineEngine : IDisposable
{
    const string Script = """
        set -eu
        place=$1
        shift
        # Of an earlier one, whose numbers of processes mean others here.
        rm -rf "$place/exec" "$place/pid" "$place/s" "$place/waits" "$place/has-door"
        ip link set lo up
        # Nobody is reached: there is no way to anywhere.
        [ -z "$(ip route)" ]
        if [ -e "$place/wants-door" ]; then
            touch "$place/waits"
            while [ ! -e "$place/has-door" ]; do sleep 0.1; done
            # What everybody of the machine may read of it.
            while :; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' '; sleep 0.3; done >"$place/commands" &
        fi
        # An engine has authorities of its own.
        [ ! -e "$place/ca.pem" ] || certificates="SSL_CERT_FILE=$place/ca.pem"
        env ${certificates:-} dockerd --config-file "$place/daemon.json" >"$place/log" 2>&1 &
        for _ in $(seq 300); do
            ! "$place/docker" version >/dev/null 2>&1 || break
            sleep 0.2
        done
        "$place/docker" version >/dev/null || { tail -n 20 "$place/log" >&2; exit 99; }
        "$@"
        """;

    static readonly LabLayout s_lab = new(RepositoryRoot.Path / ".nuke" / "temp" / "lab");

    // Not in /tmp, which may be a file system that is layered itself.
    readonly AbsolutePath _place = RepositoryRoot.Path / ".nuke" / "temp" / $"offline-{Guid.NewGuid():N}"[..16];

    public OfflineEngine()
    {
        Directory.CreateDirectory(_place);
        var socket = $"unix://{_place / "s"}";
        var configuration = JsonNode.Parse(File.ReadAllText(s_lab.EngineRun / "daemon.json"))!;
        var theirs = (string)configuration["hosts"]![0]!;
        configuration["hosts"] = new JsonArray(socket);
        configuration["data-root"] = $"{_place / "data"}";
        configuration["exec-root"] = $"{_place / "exec"}";
        configuration["pidfile"] = $"{_place / "pid"}";
        File.WriteAllText(_place / "daemon.json", configuration.ToJsonString());
        File.Copy(s_lab.DockerWrapper, Docker);
        File.WriteAllText(Docker,
            File.ReadAllText(Docker).Replace(theirs, socket, StringComparison.Ordinal));
    }

    /// <summary>Where all of it is.</summary>
    public AbsolutePath Place => _place;

    /// <summary>The command line of the engine.</summary>
    public AbsolutePath Docker => _place / "docker";

    /// <summary>The same command on that machine.</summary>
    public Command Wrap(Command command) => command with
    {
        Program = "unshare",
        Arguments = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", Script, "sh",
            _place, command.Program, .. command.Arguments],
        Environment = new Dictionary<string, string?>(command.Environment)
        {
            ["PATH"] = $"{s_lab.Tools / "usr/sbin"}:{s_lab.Tools / "usr/bin"}:/usr/sbin:"
                + Environment.GetEnvironmentVariable("PATH"),
        },
    };

    /// <summary>
    /// Opens a door in each machine that is started until this ends: a port there that leads to one here.
    /// </summary>
    public async Task OpenDoorsAsync(int port, int leadsTo, CancellationToken cancellation)
    {
        File.WriteAllText(_place / "wants-door", "");
        var doors = new List<NamespaceDoor>();
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await Task.Delay(50, CancellationToken.None);
                if (!File.Exists(_place / "waits")) continue;
                File.Delete(_place / "waits");
                doors.Add(new NamespaceDoor(MachineProcess(), port, leadsTo));
                File.WriteAllText(_place / "has-door", "");
            }
        }
        finally
        {
            doors.ForEach(x => x.Dispose());
        }
    }

    /// <summary>The process that everything of the machine is a child of, by its number here.</summary>
    int MachineProcess() => Directory.GetDirectories("/proc").Select(Path.GetFileName)
        .Select(x => int.TryParse(x, out var number) ? number : 0)
        .Where(x => x > 0 && CommandOf(x) is var words && words.Contains(_place) && words.Contains("--mount-proc"))
        .Max();

    static string[] CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Dispose() => Removal.Remove(_place);
}
