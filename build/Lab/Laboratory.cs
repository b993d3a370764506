using System.Diagnostics;
using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// The offline laboratory: a container engine, a registry, a base image, source repositories, wheels and a stand-in for
/// uv, all made of nothing but the host's own Debian mirror and kept in one directory. Nothing of the host is changed,
/// except that its kernel is told how to run the programs of foreign platforms while the laboratory is up.
/// </summary>
/// <param name="directory">Holds all of it; see <see cref="LabLayout"/> for the places in it.</param>
/// <param name="dataDirectory">The laboratory's data files, <c>build/Lab/data</c>.</param>
/// <param name="watch">Is told of each slow step, while it is under way and when it is done.</param>
public sealed class Laboratory(AbsolutePath directory, AbsolutePath dataDirectory, Watch watch)
{
    readonly LabLayout _layout = new(directory);

    AbsolutePath Detach => _layout.Bin / "detach";

    Engine Engine => new(_layout, Detach);

    Registry Registry => new(_layout, Detach);

    Emulation Emulation => new(_layout, Binfmt.OfKernel, watch.Tell);

    /// <summary>
    /// Makes what is missing and starts what does not run. A laboratory that is complete and alive is found so without
    /// starting a process. Can be killed and repeated at any time; two at once take turns.
    /// </summary>
    /// <param name="demand">What is wanted of it; what was wanted before stays.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProblemException">
    /// The laboratory cannot run on this machine, does not know a platform, or a step failed.
    /// </exception>
    public async Task UpAsync(LabDemand demand, CancellationToken cancellation = default)
    {
        if (IsUp(demand)) return;
        var host = LabHost.Require();
        var progress = new LabProgress(watch);
        using (await LockAsync(cancellation))
        {
            if (IsUp(demand)) return;
            var data = LabData.Read(dataDirectory / "lab.yaml");
            var native = data.Architectures.Single(x => x.Debian == host.Architecture);
            var foreign = data.ArchitecturesOf(demand.Platforms).Where(x => x != native).ToList();
            CacheTag.Require(_layout);
            await progress.StepAsync("leftovers of a killed run", EndLeftoversAsync);
            using var provisioning =
                new Provisioning(_layout, dataDirectory, data, host, native, foreign, demand, Emulation, progress);
            await ProvideAsync(provisioning, host, progress, cancellation);
            Remember(demand, native, foreign);
        }
    }

    async Task ProvideAsync(Provisioning provisioning, LabHost host, LabProgress progress,
        CancellationToken cancellation)
    {
        var start = Stopwatch.StartNew();
        var (missing, incomplete) = (provisioning.Missing, provisioning.Incomplete);
        if (missing.Count + incomplete.Count > 0)
            LabHost.RequireSpace(_layout.Directory, (missing.Count == 0 ? 0 : 1) + incomplete.Count);
        if (missing.Count > 0)
            progress.Tell(
                $"Making what the offline laboratory in {_layout.Directory} lacks from {host.Sources[0].Uri}: "
                + string.Join(", ", missing));
        if (incomplete.Count > 0)
            progress.Tell($"Making its parts for {string.Join(", ", incomplete)}, emulated here: it takes minutes");
        await provisioning.RunAsync(StartAsync, StopAsync, cancellation);
        var downloaded = WorkState.Megabytes(progress.Received);
        var time = start.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        progress.Tell($"Laboratory is up: {time} s, {downloaded} MB downloaded");
    }

    /// <summary>Stops engine, containers and registry; what has been made stays.</summary>
    public async Task DownAsync()
    {
        using var held = await LockAsync(CancellationToken.None);
        await EndLeftoversAsync();
        await StopAsync();
        await Emulation.EndAsync();
        await Mounts.DetachAsync(_layout.Directory);
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

    bool IsUp(LabDemand demand) => ProvidedParts.Read(_layout.Complete, Fingerprint()) is { } provided
        && provided.Cover(demand) && provided.Handlers(demand.Platforms).All(Emulation.IsInForce)
        && Engine.IsAlive && Registry.IsAlive;

    void Remember(LabDemand demand, ArchitectureData native, IReadOnlyList<ArchitectureData> foreign)
    {
        var provided = ProvidedParts.Read(_layout.Complete, Fingerprint()) ?? new ProvidedParts();
        var handlers = foreign.ToDictionary(x => x.Platform, x => Emulation.Find(x)!.Name);
        AtomicFile.WriteText(_layout.Complete, provided.With(demand, native.Platform, handlers).ToText(Fingerprint()));
    }

    /// <summary>
    /// What the laboratory was made of, as cheaply as it can be told: the data files and the host's package sources,
    /// word for word (a cryptographic library would take longer to load than they take to read).
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
                if (directory != "/etc/apt" || file == "/etc/apt/sources.list")
                    text.Append(file).Append('\n').Append(File.ReadAllText(file));
            }
        }

        return text.ToString();
    }

    async Task StartAsync(CancellationToken cancellation)
    {
        DockerWrapper.Write(_layout);
        Executable.Write(Detach, File.ReadAllText(dataDirectory / "detach"));
        var limits = LabData.Read(dataDirectory / "lab.yaml").Engine;
        await Task.WhenAll(Engine.StartAsync(limits, cancellation), Registry.StartAsync(cancellation));
        await Engine.TrimAsync(limits, cancellation);
    }

    /// <summary>
    /// Under the lock, every process of a step is one that a killed run left behind; it would go on writing.
    /// </summary>
    Task EndLeftoversAsync() => LabProcesses.KillMarkedAsync(StepLog.Mark, _layout.Logs);

    async Task StopAsync()
    {
        await Registry.StopAsync();
        await Engine.StopAsync();
    }

    Task<FileLock> LockAsync(CancellationToken cancellation) =>
        FileLock.AcquireAsync(_layout.LockFile, () =>
        {
            watch.Tell("Another process works on the laboratory: waiting for it");
            return watch.Begin("waiting for another process");
        }, cancellation);
}
