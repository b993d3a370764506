using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>An OCI registry of the laboratory's own: plain HTTP on a free port of the loopback address.</summary>
sealed class Registry(LabLayout layout, AbsolutePath detach)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    AbsolutePath Program => layout.Tools / "usr/bin/docker-registry";

    AbsolutePath LogFile => layout.Logs / "registry.log";

    AbsolutePath ConfigurationFile => layout.RegistryData / "config.yml";

    AbsolutePath ProcessFile => layout.RegistryData / "process";

    /// <summary>Whether our registry answers; another server on its port does not count.</summary>
    public bool IsAlive => Address is { } address
        && Process is { } process
        && LabProcesses.Runs(process, Program)
        && HttpProbe.Succeeds(address, "/v2/");

    /// <summary>The address in use or used last; null when there is none, or none that can be read.</summary>
    IPEndPoint? Address => File.Exists(layout.RegistryFile)
        && File.ReadAllText(layout.RegistryFile).Split('"') is [_, "address", _, var text, _]
        && IPEndPoint.TryParse(text, out var address) ? address : null;

    int? Process => File.Exists(ProcessFile) && int.TryParse(File.ReadAllText(ProcessFile), out var id) ? id : null;

    /// <summary>
    /// Starts the registry, where possible on the port that it had before, and waits until it answers.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (IsAlive) return;
        await StopAsync();
        Directory.CreateDirectory(layout.Logs);
        var address = Address is { } known && IsFree(known) ? known : FreeAddress();
        int? process;
        // Between looking for a port and taking it, another program may take it.
        for (var again = 0;
            (process = await TryStartAsync(address, cancellation)) is null;
            again++, address = FreeAddress())
            if (again == 2) throw new ProblemException("The registry ended at its start", $"See {LogFile}");
        AtomicFile.WriteText(layout.RegistryFile, $$"""{"address":"{{address}}"}""" + "\n");
        AtomicFile.WriteText(ProcessFile, process.Value.ToString(CultureInfo.InvariantCulture));
    }

    /// <returns>Its process once it answers; null where it has ended.</returns>
    async Task<int?> TryStartAsync(IPEndPoint address, CancellationToken cancellation)
    {
        AtomicFile.WriteText(ConfigurationFile, Configuration(address));
        await new Command(detach, LogFile, Program, "serve", ConfigurationFile) { WorkingDirectory = "/" }
            .RequireAsync(cancellation);
        var end = DateTime.UtcNow + s_patience;
        for (var seen = false; DateTime.UtcNow < end; await Task.Delay(20, cancellation))
        {
            var process = LabProcesses.Of(Program) is [var id, ..] ? id : (int?)null;
            if (process is not null && HttpProbe.Succeeds(address, "/v2/")) return process;
            if (seen && process is null) return null;
            seen |= process is not null;
        }

        throw new ProblemException($"The registry does not answer on {address}", $"See {LogFile}");
    }

    public Task StopAsync() => LabProcesses.KillAllAsync(Program);

    string Configuration(IPEndPoint address) => $"""
        version: 0.1
        log:
          level: warn
          accesslog:
            disabled: true
        storage:
          filesystem:
            rootdirectory: {JsonSerializer.Serialize((layout.RegistryData / "data").ToString())}
          delete:
            enabled: true
        http:
          addr: {address}
        """ + "\n";

    static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    static bool IsFree(IPEndPoint address)
    {
        try
        {
            using var listener = new TcpListener(address);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
