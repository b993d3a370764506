using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Packages;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// Makes the parts of the laboratory that a run wants, side by side, each once: a part that is there and was made of
/// the same inputs is left alone, and so are those that are not asked for.
/// </summary>
/// <param name="foreign">Architectures to build for beside the host's own.</param>
sealed class Provisioning(
    LabLayout layout, AbsolutePath dataDirectory, LabData data, LabHost host, ArchitectureData native,
        IReadOnlyList<ArchitectureData> foreign,
    LabDemand demand, Emulation emulation, LabProgress progress) : IDisposable
{
    readonly LabStages _stages = new(layout, dataDirectory, data, host, native);
    readonly DebPool _pool = new(layout.Packages);

    /// <summary>Directories of wheels that are wanted for each platform.</summary>
    readonly IReadOnlyList<string> _wheels =
    [
        .. (demand.Services ?? [.. data.Wheelhouse.Services.Keys]).Distinct().Order(StringComparer.Ordinal),
        .. demand.Libraries is { Count: 0 } ? Array.Empty<string>() : [WheelhouseData.Libraries],
        .. !demand.Tests ? [] : data.Wheelhouse.Tests.Keys.Where(x => demand.Services?.Contains(x) ?? true)
            .Order(StringComparer.Ordinal).Select(WheelhouseData.TestsOf),
    ];

    /// <summary>
    /// Components whose repositories are wanted; what the laboratory has no source of comes from elsewhere.
    /// </summary>
    readonly IReadOnlyList<string> _components =
        [.. data.Sources.Select(x => x.Component).Distinct().Where(x => Wants(demand, data, x))];

    /// <summary>
    /// What has to be made for the host's own platform, as a person would name it; empty where nothing has.
    /// </summary>
    public IReadOnlyList<string> Missing =>
    [
        .. Lacks(_stages.Tools) ? ["engine"] : Array.Empty<string>(),
        .. demand.Signs && (Lacks(_stages.Cosign) || Lacks(_stages.Signing)) ? ["cosign"] : Array.Empty<string>(),
        .. Lacks(_stages.BaseImage(native)) ? ["base image"] : Array.Empty<string>(),
        .. _wheels.Where(x => IsMissing(native, x)).Union(_components.Where(x => Lacks(_stages.Repository(x)))),
        .. Lacks(_stages.Uv) ? ["uv"] : Array.Empty<string>(),
        .. Lacks(_stages.PackageSigning) ? ["key of packages"] : Array.Empty<string>(),
    ];

    /// <summary>Foreign platforms for which something has to be made.</summary>
    public IReadOnlyList<string> Incomplete =>
        [.. foreign.Where(x => Lacks(_stages.BaseImage(x)) || _wheels.Any(y => IsMissing(x, y)))
            .Select(x => x.Platform)];

    static bool Lacks(Stage stage) => !stage.IsUpToDate;

    static bool Wants(LabDemand demand, LabData data, string component) =>
        data.Sources.First(x => x.Component == component).IsNative ? demand.Natives.Contains(component)
            : (data.Wheelhouse.Services.ContainsKey(component) ? demand.Services : demand.Libraries)
                ?.Contains(component) ?? true;

    /// <summary>Constraints belong to the wheels of the host's own platform.</summary>
    bool IsMissing(ArchitectureData architecture, string name) =>
        Lacks(_stages.Wheels(architecture, name))
            || (architecture == native && !File.Exists(layout.ConstraintsOf(name)));

    /// <summary>
    /// Makes what is missing; the servers start as soon as their programs are there, and stop before those change.
    /// </summary>
    public async Task RunAsync(Func<CancellationToken, Task> start, Func<Task> stop, CancellationToken cancellation)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var token = together.Token;
        await RemoveFormerPlacesAsync();
        var reader = new DebReader(token);
        var binaries = Archive("deb", _stages.Sources, token);
        var hosts = host.Codename == data.Suite ? binaries : Archive("deb-host", host.Sources, token);
        Func<Task>[] parts =
        [
            async () =>
            {
                await MakeAsync(_stages.Tools,
                    (output, work, log) => MakeToolsAsync(output, work, log, binaries, hosts, stop, token), token);
                await progress.StepAsync("engine, registry", () => start(token));
            },
            () => MakeSigningAsync(token),
            () => MakeAsync(_stages.PackageSigning, (output, _, _) => MakePackageKeyAsync(output), token),
            () => MakeBaseImageAsync(native, binaries, token),
            () => MakeWheelsAsync(native, binaries, reader, token),
            () => MakeRepositoriesAsync(binaries, token),
            () => MakeAsync(_stages.Uv, (output, _, _) => MakeUvAsync(output), token),
            .. foreign.SelectMany(x => ForeignParts(x, binaries, reader, token)),
        ];
        await Task.WhenAll(parts.Select(x => Task.Run(() => StopOthersAsync(x, together), token)));
        _pool.RemoveEarlierVersions();
    }

    public void Dispose() => _pool.Dispose();

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
        AbsolutePath output, AbsolutePath work, StepLog log, Lazy<Task<AptArchive>> binaries,
            Lazy<Task<AptArchive>> hosts, Func<Task> stop,
        CancellationToken cancellation)
    {
        await Task.WhenAll(
            UnpackAsync(binaries, data.Tools.Packages, work / "suite", output, log, cancellation),
            UnpackAsync(hosts, data.Tools.HostPackages, work / "host", output, log, cancellation));
        await stop();
    }

    static async Task UnpackAsync(
        Lazy<Task<AptArchive>> archive, IReadOnlyList<string> packages, AbsolutePath work, AbsolutePath into,
            StepLog log,
        CancellationToken cancellation)
    {
        var files = await (await archive.Value).DownloadAsync(packages, work, log, cancellation);
        await DebUnpacker.UnpackAsync(files, into, log, cancellation);
    }

    /// <summary>What signs and verifies, and a key to do it with.</summary>
    async Task MakeSigningAsync(CancellationToken cancellation)
    {
        if (!demand.Signs) return;
        var newer = NewerArchive(cancellation);
        await MakeAsync(_stages.Cosign,
            (output, work, log) =>
            UnpackAsync(newer, data.Cosign.Packages, work, output, log, cancellation), cancellation);
        await MakeAsync(_stages.Signing,
            (output, _, _) => new Cosign(layout.Cosign).GenerateKeyPairAsync(output, cancellation), cancellation);
    }

    static Task MakePackageKeyAsync(AbsolutePath output)
    {
        OpenPgpKey.Generate(output / "key.asc", "openstack-images, the laboratory");
        ApkKey.Generate(output / $"openstack-images-lab{ApkKey.Suffix}");
        return Task.CompletedTask;
    }

    /// <summary>
    /// Debian's packages are the same in all architectures but for machine code; the lists are each's own.
    /// </summary>
    IEnumerable<Func<Task>> ForeignParts(
        ArchitectureData architecture, Lazy<Task<AptArchive>> emulators, DebReader reader,
            CancellationToken cancellation)
    {
        var packages = Archive($"deb-{architecture.Debian}", _stages.Sources, cancellation, architecture);
        yield return async () =>
        {
            await EmulateAsync(architecture, emulators, cancellation);
            await MakeBaseImageAsync(architecture, packages, cancellation);
        };
        yield return () => MakeWheelsAsync(architecture, packages, reader, cancellation);
    }

    /// <summary>A program that was made anew takes the place of the one that the kernel has.</summary>
    async Task EmulateAsync(ArchitectureData architecture, Lazy<Task<AptArchive>> archive,
        CancellationToken cancellation)
    {
        var emulator = _stages.Emulator(architecture);
        if (emulation.Find(architecture) is { } found && (emulator.IsUpToDate || !emulation.IsOurs(found))) return;
        await MakeAsync(emulator, async (output, work, log) => await Emulator.MakeAsync(data.Emulator, architecture,
            await archive.Value, output, work, log, cancellation), cancellation);
        await emulation.RegisterAsync(architecture, emulator.Output, cancellation);
    }

    Task MakeBaseImageAsync(ArchitectureData architecture, Lazy<Task<AptArchive>> archive,
        CancellationToken cancellation) =>
        MakeAsync(
            _stages.BaseImage(architecture),
            async (output, work, log) =>
            {
                var image = new BaseImage(data, architecture, await archive.Value, _pool);
                await image.MakeAsync(output, work, log, cancellation);
            },
            cancellation);

    /// <summary>
    /// The wheels of each service by themselves: what they are does not depend on what else is here. What several of
    /// them need is downloaded, read and packed once.
    /// </summary>
    async Task MakeWheelsAsync(
        ArchitectureData architecture, Lazy<Task<AptArchive>> archive, DebReader reader, CancellationToken cancellation)
    {
        var missing = _wheels.Where(x => IsMissing(architecture, x))
            .ToDictionary(x => x, x => new Wheelhouse(data, architecture, dataDirectory, x, reader));
        if (missing.Count == 0) return;
        var log = new StepLog(layout.Logs, $"packages-{architecture.Debian}");
        var needed = new Dictionary<string, IReadOnlyList<AptPackage>>(StringComparer.Ordinal);
        await progress.StepAsync($"packages of {Named(missing.Keys)}", async () =>
        {
            var packages = await archive.Value;
            foreach (var (name, wheelhouse) in missing)
            {
                var closure = await packages.ClosureAsync(data.Wheelhouse.PackagesOf(name), log, cancellation);
                needed[name] = wheelhouse.NeededOf(closure);
            }

            await _pool.FetchAsync(packages, [.. needed.Values.SelectMany(x => x)], log, cancellation);
        });
        foreach (var (name, wheelhouse) in missing)
        {
            var stage = _stages.Wheels(architecture, name);
            // Where the constraints alone are gone, the wheels are made again.
            if (stage.IsUpToDate) File.Delete(stage.InputsFile);
            await MakeAsync(stage, async (output, _, _) =>
            {
                IReadOnlyList<AbsolutePath> others =
                    [.. Directory.GetDirectories(output.Parent!).Where(x => x != output).Select(x => (AbsolutePath)x)];
                var files = await _pool.FetchAsync(await archive.Value, needed[name], log, cancellation);
                var (constraints, changes) = await wheelhouse.MakeAsync(files, output, others, cancellation);
                // Those of the host's own platform: one suite has one version of a distribution.
                if (architecture != native) return;
                AtomicFile.WriteText(layout.ConstraintsOf(name), constraints);
                AtomicFile.WriteText(layout.WheelhouseReports / $"{name}.json", changes);
            }, cancellation);
            RememberedDigest.Remember(stage.Output);
        }
    }

    /// <summary>The repositories of the components, each a part of its own.</summary>
    Task MakeRepositoriesAsync(Lazy<Task<AptArchive>> binaries, CancellationToken cancellation)
    {
        var archives = data.Sources.Select(x => x.Suite).Distinct().ToDictionary(x => x ?? "", x => x is null
            ? Archive("deb-src", _stages.Sources, cancellation, kind: "deb-src")
            : Archive($"deb-src-{x}", [MainSource with { Suite = x }], cancellation, kind: "deb-src"));
        return Parallel.ForEachAsync(
            _components,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = Environment.ProcessorCount,
                CancellationToken = cancellation,
            },
            async (component, token) => await MakeAsync(_stages.Repository(component), async (output, work, log) =>
            {
                await new GitMirror(x => archives[x ?? ""].Value, binaries, _pool, dataDirectory, log)
                    .MakeAsync([.. data.Sources.Where(x => x.Component == component)], output, work, token);
                // What was recorded of tags is of the repository that goes.
                if (Directory.Exists(layout.Repository(component)) && Directory.Exists(layout.RefLocks))
                    Directory.Delete(layout.RefLocks, recursive: true);
            }, token));
    }

    /// <summary>The mirror of releases; not that of their updates, which a suite under way need not have.</summary>
    AptSource MainSource => host.Sources.FirstOrDefault(x => x.Suffix(host.Codename) == "") ?? host.Sources[0];

    /// <summary>
    /// Parts of a laboratory from before it knew platforms lie where those of the platforms lie now, and parts from
    /// before it knew services where those of the services lie.
    /// </summary>
    async Task RemoveFormerPlacesAsync()
    {
        IEnumerable<AbsolutePath> ofPlatforms = data.Architectures.Select(x => layout.WheelhousesOf(x.Platform));
        foreach (var place in ofPlatforms.Concat([layout.BaseImages, layout.Wheelhouses, layout.Git]))
        {
            var former = new Stage(place, new StageInputs());
            if (!File.Exists(former.InputsFile)) continue;
            await TemporaryTree.DeleteAsync(place);
            File.Delete(former.InputsFile);
        }
    }

    static string Named(IEnumerable<string> services) =>
        services.Take(4).ToList() is { Count: > 3 } some ? $"{some[0]}, {some[1]} …" : string.Join(", ", services);

    Task MakeUvAsync(AbsolutePath output)
    {
        Directory.CreateDirectory(output);
        foreach (var name in new[] { "uv", "uvx" })
            Executable.Write(output / name, File.ReadAllText(dataDirectory / "uv"));
        return Task.CompletedTask;
    }

    /// <summary>An archive whose lists are brought up to date when the first part asks for them.</summary>
    Lazy<Task<AptArchive>> Archive(string name, IReadOnlyList<AptSource> sources, CancellationToken cancellation,
        ArchitectureData? architecture = null, string kind = "deb") =>
        new(async () =>
        {
            var archive =
                new AptArchive(layout.Apt / name, sources, (architecture ?? native).Debian,
                kind, progress);
            await progress.StepAsync(
                $"{name} lists",
                () => archive.UpdateAsync(new StepLog(layout.Logs, $"{name}-lists"), cancellation));
            return archive;
        });

    /// <summary>The later suite.</summary>
    Lazy<Task<AptArchive>> NewerArchive(CancellationToken cancellation)
    {
        var suite = data.Cosign.Suite;
        var lists = Archive("deb-newer",
            [MainSource with { Suite = suite }], cancellation);
        return new(async () =>
        {
            try
            {
                return await lists.Value;
            }
            catch (ProblemException e)
            {
                var remedy = $"{string.Join(", ", data.Cosign.Packages)} come from {suite}: where the "
                    + "mirror has no such suite "
                    + $"any more, name another under 'cosign' in {dataDirectory / "lab.yaml"}. ";
                throw new ProblemException([.. e.Problems.Select(x => x with { Remedy = remedy + x.Remedy })], e);
            }
        });
    }

    /// <summary>Makes one part in its place, with a directory for what it needs meanwhile.</summary>
    async Task MakeAsync(Stage stage, Func<AbsolutePath, AbsolutePath, StepLog, Task> make,
        CancellationToken cancellation)
    {
        if (stage.IsUpToDate) return;
        var name = layout.Directory.GetRelativePathTo(stage.Output).ToString().Replace('/', '-');
        var work = layout.Directory / "work" / name;
        await progress.StepAsync(name, () => stage.MakeAsync(async output =>
        {
            await TemporaryTree.DeleteAsync(work);
            Directory.CreateDirectory(work);
            await make(output, work, new StepLog(layout.Logs, name));
        }, cancellation: cancellation));
        await TemporaryTree.DeleteAsync(work);
    }
}
