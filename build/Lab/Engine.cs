using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// A container engine of the laboratory's own: dockerd with the containerd image store, on a private socket. It has no
/// bridge and leaves the host's network alone: builds use <c>--network=host</c>, containers <c>--network none</c> or
/// <c>host</c>.
/// </summary>
sealed class Engine(LabLayout layout, AbsolutePath detach)
{
    /// <summary>How long the engine may take to come up.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long it may take to end by itself; a container that does not heed its signal would take ten seconds.
    /// </summary>
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(4);

    AbsolutePath Program => layout.Tools / "usr/sbin/dockerd";

    AbsolutePath LogFile => layout.Logs / "engine.log";

    AbsolutePath ConfigurationFile => layout.EngineRun / "daemon.json";

    public bool IsAlive => File.Exists(layout.EngineSocket)
        && HttpProbe.Succeeds(new UnixDomainSocketEndPoint(layout.EngineSocket), "/_ping");

    /// <summary>Starts the engine and waits until it answers; does nothing if it does already.</summary>
    /// <param name="limits">What it may keep.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task StartAsync(EngineData limits, CancellationToken cancellation)
    {
        if (IsAlive) return;
        await StopAsync();
        Directory.CreateDirectory(layout.EngineRun);
        Directory.CreateDirectory(layout.Logs);
        AtomicFile.WriteText(ConfigurationFile, Configuration(limits));
        // The engine finds containerd, its shim and runc by PATH.
        var path =
            $"{layout.Tools / "usr/sbin"}:{layout.Tools / "usr/bin"}:{Environment.GetEnvironmentVariable("PATH")}";
        var command = new Command(detach, LogFile, Program, "--config-file", ConfigurationFile)
        {
            WorkingDirectory = "/",
            Environment =
                new Dictionary<string, string?> { ["PATH"] = path, ["DOCKER_HOST"] = null, ["NOTIFY_SOCKET"] = null },
        };
        await command.RequireAsync(cancellation);
        var seen = false;
        for (var end = DateTime.UtcNow + s_patience; !IsAlive; await Task.Delay(50, cancellation))
        {
            var running = LabProcesses.Of(Program).Count > 0;
            var ended = seen && !running;
            seen |= running;
            if (!ended && DateTime.UtcNow < end) continue;
            throw new ProblemException(ended
                ? $"The engine ended at its start{LastError()}"
                : $"The engine does not answer after {s_patience.TotalSeconds} s", $"See {LogFile}");
        }
    }

    /// <summary>Stops the engine with its containers; what does not stop is killed. Leaves no mount behind.</summary>
    public async Task StopAsync()
    {
        var engine = LabProcesses.Of(Program);
        if (engine.Count > 0) await LabProcesses.TerminateAsync(engine, Program, s_grace);
        foreach (var program in new[] { "usr/sbin", "usr/bin/containerd", "usr/bin/containerd-shim-runc-v2" })
            await LabProcesses.KillAllAsync(layout.Tools / program);
        foreach (var root in new[] { layout.EngineRun, layout.EngineData }) await Mounts.DetachAsync(root);
        if (Directory.Exists(layout.EngineRun)) Directory.Delete(layout.EngineRun, recursive: true);
    }

    /// <summary>
    /// Removes the images that builds loaded to run them, all but the newest: what is run again is loaded again.
    /// </summary>
    public async Task TrimAsync(EngineData limits, CancellationToken cancellation)
    {
        Command Docker(params IReadOnlyList<string> arguments) => new(layout.DockerWrapper, arguments);
        const string Format = "--format";
        var reference = $"reference={limits.LoadedImages}";
        var names = (await Docker("image", "ls", "--filter", reference, Format, "{{.Repository}}:{{.Tag}}")
            .RequireAsync(cancellation)).Lines;
        if (names.Count <= limits.KeptImages) return;
        // A name that has gone meanwhile is told as an error, beside the others.
        const string TimeAndName = "{{json .Metadata.LastTagTime}} {{index .RepoTags 0}}";
        var loaded = (await Docker(["image", "inspect", Format, TimeAndName, .. names])
            .RunAsync(cancellation)).Lines;
        var old = loaded.OrderDescending(StringComparer.Ordinal).Skip(limits.KeptImages).Select(x => x.Split(' ')[1])
            .ToList();
        if (old.Count > 0) await Docker(["image", "rm", "--force", .. old]).RunAsync(cancellation);
    }

    /// <summary>Bytes that BuildKit may keep.</summary>
    /// <param name="free">Bytes that are free on the disk.</param>
    internal static long KeptBytes(EngineData limits, long free) =>
        Math.Clamp(free / 100 * limits.PercentOfFree, (long)limits.AtLeast << 30, (long)limits.AtMost << 30);

    string Configuration(EngineData limits) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["hosts"] = new[] { $"unix://{layout.EngineSocket}" },
        ["data-root"] = layout.EngineData.ToString(),
        ["exec-root"] = (layout.EngineRun / "exec").ToString(),
        ["pidfile"] = (layout.EngineRun / "docker.pid").ToString(),
        ["features"] = new Dictionary<string, bool> { ["containerd-snapshotter"] = true },
        ["builder"] = new
        {
            Entitlements = new Dictionary<string, bool> { ["network-host"] = true },
            gc = new
            {
                enabled = true,
                defaultKeepStorage = $"{KeptBytes(limits, new DriveInfo(layout.Directory).AvailableFreeSpace)}B",
            },
        },
        ["bridge"] = "none",
        ["iptables"] = false,
        ["ip6tables"] = false,
        ["ip-forward"] = false,
        ["userland-proxy"] = false,
        ["shutdown-timeout"] = 5,
    });

    /// <summary>The log's last complaint in brackets, or nothing.</summary>
    string LastError() => File.Exists(LogFile) && File.ReadLines(LogFile).LastOrDefault(x => x.Length > 0) is { } line
        ? string.Create(CultureInfo.InvariantCulture, $" ({line})")
        : "";
}
