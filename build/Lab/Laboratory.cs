using System.Diagnostics;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// The offline laboratory: a container engine, a registry, a base image, source repositories, wheels and a stand-in for uv, all made
/// of nothing but the host's own Debian mirror and kept in one directory. Nothing of the host is changed.
/// </summary>
/// <param name="directory">Holds all of it; see <see cref="LabLayout"/> for the places in it.</param>
/// <param name="dataDirectory">The laboratory's data files, <c>build/Lab/data</c>.</param>
/// <param name="report">Gets one line per slow step when it is done.</param>
public sealed class Laboratory(AbsolutePath directory, AbsolutePath dataDirectory, Action<string> report)
{
    readonly LabLayout _layout = new(directory);

    AbsolutePath Detach => _layout.Bin / "detach";

    Engine Engine => new(_layout, Detach);

    Registry Registry => new(_layout, Detach);

    /// <summary>
    /// Makes what is missing and starts what does not run. A laboratory that is complete and alive is found so without starting a
    /// process. Can be killed and repeated at any time; two at once take turns.
    /// </summary>
    /// <exception cref="ProblemException">The laboratory cannot run on this machine, or a step failed.</exception>
    public async Task UpAsync(CancellationToken cancellation = default)
    {
        if (IsUp) return;
        var host = LabHost.Require();
        using var held = await LockAsync(cancellation);
        if (IsUp) return;
        var data = LabData.Read(dataDirectory / "lab.yaml");
        CacheTag.Require(_layout);
        await EndLeftoversAsync();
        var provisioning = new Provisioning(_layout, dataDirectory, data, host, report);
        var start = Stopwatch.StartNew();
        if (!provisioning.IsComplete)
        {
            LabHost.RequireSpace(_layout.Directory);
            report($"Making the offline laboratory in {_layout.Directory}: about 400 MB from {host.Sources[0].Uri}, one to two minutes");
        }

        await provisioning.RunAsync(StartAsync, StopAsync, cancellation);
        AtomicFile.WriteText(_layout.Complete, Fingerprint());
        report($"Laboratory is up: {start.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>Stops engine, containers and registry; what has been made stays.</summary>
    public async Task DownAsync()
    {
        using var held = await LockAsync(CancellationToken.None);
        await EndLeftoversAsync();
        await StopAsync();
    }

    /// <summary>Stops everything and deletes the laboratory.</summary>
    /// <exception cref="ProblemException">The directory is not the laboratory's.</exception>
    public async Task CleanAsync()
    {
        using var held = await LockAsync(CancellationToken.None);
        await EndLeftoversAsync();
        if (!Directory.Exists(_layout.Directory)) return;
        CacheTag.Require(_layout);
        await StopAsync();
        await TemporaryTree.DeleteAsync(_layout.Directory);
    }

    bool IsUp => File.Exists(_layout.Complete) && File.ReadAllText(_layout.Complete) == Fingerprint() && Engine.IsAlive && Registry.IsAlive;

    /// <summary>
    /// What the laboratory was made of, as cheaply as it can be told: the data files and the host's package sources, word for word
    /// (a cryptographic library would take longer to load than they take to read).
    /// </summary>
    string Fingerprint()
    {
        var text = new StringBuilder(Provisioning.Formats).Append('\n');
        foreach (var directory in new string[] { dataDirectory, "/etc/apt", "/etc/apt/sources.list.d" })
        {
            if (!Directory.Exists(directory)) continue;
            var files = Directory.GetFiles(directory);
            Array.Sort(files, StringComparer.Ordinal);
            foreach (var file in files)
            {
                if (directory != "/etc/apt" || file == "/etc/apt/sources.list") text.Append(file).Append('\n').Append(File.ReadAllText(file));
            }
        }

        return text.ToString();
    }

    async Task StartAsync(CancellationToken cancellation)
    {
        DockerWrapper.Write(_layout);
        Executable.Write(Detach, File.ReadAllText(dataDirectory / "detach"));
        await Task.WhenAll(Engine.StartAsync(cancellation), Registry.StartAsync(cancellation));
    }

    /// <summary>Under the lock, every process of a step is one that a killed run left behind; it would go on writing.</summary>
    Task EndLeftoversAsync() => LabProcesses.KillMarkedAsync(StepLog.Mark, _layout.Logs);

    async Task StopAsync()
    {
        await Registry.StopAsync();
        await Engine.StopAsync();
    }

    Task<FileLock> LockAsync(CancellationToken cancellation) =>
        FileLock.AcquireAsync(_layout.LockFile, () => report("Another process works on the laboratory: waiting for it"), cancellation);
}
