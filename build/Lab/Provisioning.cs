using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// Makes the parts of the laboratory, side by side, each once: a part that is there and was made of the same inputs is left alone, and
/// so are those of platforms that are not asked for.
/// </summary>
/// <param name="foreign">Architectures to build for beside the host's own.</param>
sealed class Provisioning(
    LabLayout layout, AbsolutePath dataDirectory, LabData data, LabHost host, ArchitectureData native, IReadOnlyList<ArchitectureData> foreign, Emulation emulation, Action<string> report)
{
    readonly LabStages _stages = new(layout, dataDirectory, data, host, native);

    /// <summary>Whether nothing has to be made for the host's own platform.</summary>
    public bool IsComplete => new[] { _stages.Tools, _stages.BaseImage(native), _stages.Git, _stages.Wheels(native), _stages.Uv, _stages.Signing }.All(x => x.IsUpToDate);

    /// <summary>Foreign platforms for which something has to be made.</summary>
    public IReadOnlyList<string> Incomplete => [.. foreign.Where(x => !_stages.BaseImage(x).IsUpToDate || !_stages.Wheels(x).IsUpToDate).Select(x => x.Platform)];

    /// <summary>Makes what is missing; the servers start as soon as their programs are there, and stop before those change.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> start, Func<Task> stop, CancellationToken cancellation)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var token = together.Token;
        await RemoveFormerPlacesAsync();
        var binaries = Archive("deb", _stages.Sources, token);
        var upstream = Archive("deb-src", _stages.Sources, token);
        var newer = NewerArchive(token);
        var hosts = host.Codename == data.Suite ? binaries : Archive("deb-host", host.Sources, token);
        Func<Task>[] parts =
        [
            async () =>
            {
                await MakeAsync(_stages.Tools, (output, work, log) => MakeToolsAsync(output, work, log, binaries, hosts, newer, stop, token), token);
                await Task.WhenAll(
                    StepAsync("engine, registry", () => start(token)),
                    MakeAsync(_stages.Signing, (output, _, _) => new Cosign(layout.Cosign).GenerateKeyPairAsync(output, token), token));
            },
            () => MakeBaseImageAsync(native, binaries, token),
            () => MakeWheelsAsync(native, binaries, token),
            () => MakeAsync(_stages.Git, (output, work, log) => new GitMirror(upstream, binaries, log).MakeAsync(data.Sources, output, work, token), token),
            () => MakeAsync(_stages.Uv, (output, _, _) => MakeUvAsync(output), token),
            .. foreign.SelectMany(x => ForeignParts(x, binaries, token)),
        ];
        await Task.WhenAll(parts.Select(x => Task.Run(() => StopOthersAsync(x, together), token)));
    }

    /// <summary>One failure stops the other parts: its message is then the only one.</summary>
    static async Task StopOthersAsync(Func<Task> part, CancellationTokenSource together)
    {
        try
        {
            await part();
        }
        catch
        {
            await together.CancelAsync();
            throw;
        }
    }

    async Task MakeToolsAsync(
        AbsolutePath output, AbsolutePath work, StepLog log, Lazy<Task<AptArchive>> binaries, Lazy<Task<AptArchive>> hosts, Lazy<Task<AptArchive>> newer, Func<Task> stop,
        CancellationToken cancellation)
    {
        async Task UnpackAsync(Lazy<Task<AptArchive>> archive, IReadOnlyList<string> packages, AbsolutePath into)
        {
            var files = await (await archive.Value).DownloadAsync(packages, into, log, cancellation);
            await DebUnpacker.UnpackAsync(files, output, log, cancellation);
        }

        await Task.WhenAll(
            UnpackAsync(binaries, data.Tools.Packages, work / "suite"),
            UnpackAsync(hosts, data.Tools.HostPackages, work / "host"),
            UnpackAsync(newer, data.Tools.NewerPackages.Packages, work / "newer"));
        await stop();
    }

    /// <summary>Debian's packages are the same in all architectures but for machine code; the lists are each's own.</summary>
    IEnumerable<Func<Task>> ForeignParts(ArchitectureData architecture, Lazy<Task<AptArchive>> emulators, CancellationToken cancellation)
    {
        var packages = Archive($"deb-{architecture.Debian}", _stages.Sources, cancellation, architecture);
        yield return async () =>
        {
            await EmulateAsync(architecture, emulators, cancellation);
            await MakeBaseImageAsync(architecture, packages, cancellation);
        };
        yield return () => MakeWheelsAsync(architecture, packages, cancellation);
    }

    /// <summary>A program that was made anew takes the place of the one that the kernel has.</summary>
    async Task EmulateAsync(ArchitectureData architecture, Lazy<Task<AptArchive>> archive, CancellationToken cancellation)
    {
        var emulator = _stages.Emulator(architecture);
        if (emulation.Find(architecture) is { } found && (emulator.IsUpToDate || !emulation.IsOurs(found))) return;
        await MakeAsync(emulator, async (output, work, log) => await Emulator.MakeAsync(data.Emulator, architecture, await archive.Value, output, work, log, cancellation), cancellation);
        await emulation.RegisterAsync(architecture, emulator.Output, cancellation);
    }

    Task MakeBaseImageAsync(ArchitectureData architecture, Lazy<Task<AptArchive>> archive, CancellationToken cancellation) =>
        MakeAsync(_stages.BaseImage(architecture), async (output, work, log) => await new BaseImage(data, architecture, await archive.Value).MakeAsync(output, work, log, cancellation), cancellation);

    /// <summary>Constraints and report are those of the host's own platform: one suite has one version of a distribution.</summary>
    async Task MakeWheelsAsync(ArchitectureData architecture, Lazy<Task<AptArchive>> archive, CancellationToken cancellation)
    {
        var stage = _stages.Wheels(architecture);
        await MakeAsync(stage, async (output, work, log) =>
        {
            var wheelhouse = new Wheelhouse(data, architecture, dataDirectory);
            var packages = await (await archive.Value).DownloadClosureAsync(wheelhouse.Packages, work / "packages", log, cancellation);
            var (constraints, changes) = await wheelhouse.MakeAsync(packages, output, cancellation);
            if (architecture != native) return;
            AtomicFile.WriteText(layout.Constraints, constraints);
            AtomicFile.WriteText(layout.WheelhouseReport, changes);
        }, cancellation);
        RememberedDigest.Remember(stage.Output);
    }

    /// <summary>Base image and wheels of a laboratory from before it knew platforms lie where those of the platforms lie now.</summary>
    async Task RemoveFormerPlacesAsync()
    {
        foreach (var place in new[] { layout.BaseImages, layout.Wheelhouses })
        {
            var former = new Stage(place, new StageInputs());
            if (!File.Exists(former.InputsFile)) continue;
            await TemporaryTree.DeleteAsync(place);
            File.Delete(former.InputsFile);
        }
    }

    Task MakeUvAsync(AbsolutePath output)
    {
        Directory.CreateDirectory(output);
        foreach (var name in new[] { "uv", "uvx" }) Executable.Write(output / name, File.ReadAllText(dataDirectory / "uv"));
        return Task.CompletedTask;
    }

    /// <summary>An archive whose lists are brought up to date when the first part asks for them.</summary>
    Lazy<Task<AptArchive>> Archive(string name, IReadOnlyList<AptSource> sources, CancellationToken cancellation, ArchitectureData? architecture = null) => new(async () =>
    {
        var archive = new AptArchive(layout.Apt / name, sources, (architecture ?? native).Debian, name == "deb-src" ? name : "deb");
        await StepAsync($"{name} lists", () => archive.UpdateAsync(new StepLog(layout.Logs, $"{name}-lists"), cancellation));
        return archive;
    });

    /// <summary>The later suite; not its updates, which a suite under way need not have.</summary>
    Lazy<Task<AptArchive>> NewerArchive(CancellationToken cancellation)
    {
        var suite = data.Tools.NewerPackages.Suite;
        var lists = Archive("deb-newer", [(host.Sources.FirstOrDefault(x => x.Suffix(host.Codename) == "") ?? host.Sources[0]) with { Suite = suite }], cancellation);
        return new(async () =>
        {
            try
            {
                return await lists.Value;
            }
            catch (ProblemException e)
            {
                throw new ProblemException([.. e.Problems.Select(x => x with { Remedy = $"{string.Join(", ", data.Tools.NewerPackages.Packages)} come from {suite}: "
                    + $"where the mirror has no such suite any more, name another under 'newerPackages' in {dataDirectory / "lab.yaml"}. {x.Remedy}" })], e);
            }
        });
    }

    /// <summary>Makes one part in its place, with a directory for what it needs meanwhile.</summary>
    async Task MakeAsync(Stage stage, Func<AbsolutePath, AbsolutePath, StepLog, Task> make, CancellationToken cancellation)
    {
        if (stage.IsUpToDate) return;
        var name = layout.Directory.GetRelativePathTo(stage.Output).ToString().Replace('/', '-');
        var work = layout.Directory / "work" / name;
        await StepAsync(name, () => stage.MakeAsync(async output =>
        {
            await TemporaryTree.DeleteAsync(work);
            Directory.CreateDirectory(work);
            await make(output, work, new StepLog(layout.Logs, name));
        }, cancellation: cancellation));
        await TemporaryTree.DeleteAsync(work);
    }

    async Task StepAsync(string name, Func<Task> step)
    {
        var watch = Stopwatch.StartNew();
        await step();
        if (watch.ElapsedMilliseconds > 500) report($"  {name,-24} {watch.Elapsed.TotalSeconds,5:0.0} s");
    }
}
