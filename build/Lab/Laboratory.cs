using System.Diagnostics;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// The offline laboratory: a container engine, a registry, a base image, source repositories, wheels and a stand-in for uv, all made
/// of nothing but the host's own Debian mirror and kept in one directory. Nothing of the host is changed, except that its kernel is told
/// how to run the programs of foreign platforms while the laboratory is up.
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

    Emulation Emulation => new(_layout, Binfmt.OfKernel, report);

    /// <summary>
    /// Makes what is missing and starts what does not run. A laboratory that is complete and alive is found so without starting a
    /// process. Can be killed and repeated at any time; two at once take turns.
    /// </summary>
    /// <param name="platforms">What is built for; the host's own platform is always provided for.</param>
    /// <exception cref="ProblemException">The laboratory cannot run on this machine, does not know a platform, or a step failed.</exception>
    public async Task UpAsync(IReadOnlyList<string> platforms, CancellationToken cancellation = default)
    {
        if (IsUp(platforms)) return;
        var host = LabHost.Require();
        using var held = await LockAsync(cancellation);
        if (IsUp(platforms)) return;
        var data = LabData.Read(dataDirectory / "lab.yaml");
        var native = data.Architectures.Single(x => x.Debian == host.Architecture);
        var foreign = data.ArchitecturesOf(platforms).Where(x => x != native).ToList();
        CacheTag.Require(_layout);
        await EndLeftoversAsync();
        var provisioning = new Provisioning(_layout, dataDirectory, data, host, native, foreign, Emulation, report);
        var start = Stopwatch.StartNew();
        var (isComplete, incomplete) = (provisioning.IsComplete, provisioning.Incomplete);
        if (!isComplete || incomplete.Count > 0) LabHost.RequireSpace(_layout.Directory, (isComplete ? 0 : 1) + incomplete.Count);
        if (!isComplete) report($"Making the offline laboratory in {_layout.Directory}: about 400 MB from {host.Sources[0].Uri}, one to two minutes");
        if (incomplete.Count > 0) report($"Making its parts for {string.Join(", ", incomplete)}, which this machine emulates: about 400 MB, two to four minutes, for each");
        await provisioning.RunAsync(StartAsync, StopAsync, cancellation);
        Remember(foreign);
        report($"Laboratory is up: {start.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>Stops engine, containers and registry; what has been made stays.</summary>
    public async Task DownAsync()
    {
        using var held = await LockAsync(CancellationToken.None);
        await EndLeftoversAsync();
        await StopAsync();
        await Emulation.EndAsync();
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
        await Emulation.EndAsync();
        await TemporaryTree.DeleteAsync(_layout.Directory);
    }

    bool IsUp(IReadOnlyList<string> platforms) => Provided() is { } provided
        && platforms.All(x => x == PlatformName.Native || (provided.TryGetValue(x, out var handler) && Emulation.IsInForce(handler)))
        && Engine.IsAlive && Registry.IsAlive;

    /// <summary>
    /// The foreign platforms that the laboratory has been provisioned for, with the handlers that the kernel had for them; null when it
    /// is not complete, or was made of something else.
    /// </summary>
    Dictionary<string, string>? Provided() => File.Exists(_layout.Complete) && File.ReadAllText(_layout.Complete).Split('\n', 2) is [var provided, var fingerprint] && fingerprint == Fingerprint()
        ? provided.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => x[1], StringComparer.Ordinal)
        : null;

    void Remember(IReadOnlyList<ArchitectureData> foreign)
    {
        var provided = Provided() ?? [];
        foreach (var architecture in foreign) provided[architecture.Platform] = Emulation.Find(architecture)!.Name;
        AtomicFile.WriteText(_layout.Complete, $"{string.Join(' ', provided.Select(x => $"{x.Key}={x.Value}"))}\n{Fingerprint()}");
    }

    /// <summary>
    /// What the laboratory was made of, as cheaply as it can be told: the data files and the host's package sources, word for word
    /// (a cryptographic library would take longer to load than they take to read).
    /// </summary>
    string Fingerprint()
    {
        var text = new StringBuilder(LabStages.Formats).Append('\n');
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
