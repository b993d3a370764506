using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Processes;
using OpenStack.Storage;

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
        rm -rf "$place/exec" "$place/pid" "$place/s"
        ip link set lo up
        # Nobody is reached: there is no way to anywhere.
        [ -z "$(ip route)" ]
        dockerd --config-file "$place/daemon.json" >"$place/log" 2>&1 &
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

    public void Dispose() => Removal.Remove(_place);
}
