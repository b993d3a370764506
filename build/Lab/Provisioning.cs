using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// Makes the parts of the laboratory, side by side, each once: a part that is there and was made of the same inputs is left alone.
/// </summary>
sealed class Provisioning(LabLayout layout, AbsolutePath dataDirectory, LabData data, LabHost host, Action<string> report)
{
    /// <summary>One number per part, raised when the code that makes it changes what it makes.</summary>
    public const string Formats = "tools 1, base-image 1, git 5, wheelhouse 3, uv 1, signing 1";

    readonly IReadOnlyList<AptSource> _sources = AptSource.ForRelease(host.Sources, host.Codename, data.Suite);

    Stage Tools => new(layout.Tools, Inputs("tools")
        .Add("packages", string.Join(' ', data.Tools.Packages))
        .Add("hostPackages", string.Join(' ', data.Tools.HostPackages))
        .Add("newerPackages", $"{string.Join(' ', data.Tools.NewerPackages.Packages)} of {data.Tools.NewerPackages.Suite}")
        .Add("host", host.Codename));

    Stage BaseImage => new(layout.BaseImage, Inputs("base-image")
        .Add("packages", string.Join(' ', data.BaseImage.Packages))
        .Add("dpkgOptions", string.Join(' ', data.BaseImage.DpkgOptions))
        .Add("aptOptions", string.Join(' ', data.BaseImage.AptOptions)));

    Stage Git => new(layout.Git, Inputs("git").Add("components", string.Join(' ', data.Sources.Select(Describe))));

    static string Describe(SourceData x) =>
        $"{x.Component}={x.Package}{string.Join('+', x.RebuiltFrom)}@{x.Branch}{string.Concat(x.Files.Select(y => $",{y.Key}={y.Value}"))}";

    Stage Wheels => new(layout.Wheelhouse, Inputs("wheelhouse")
        .Add("packages", string.Join(' ', new Wheelhouse(data, host, dataDirectory).Packages))
        .Add("data", Digest.OfText(string.Join('\n', data.Wheelhouse.Programs.Select(x => File.ReadAllText(dataDirectory / x.Script)).Prepend(File.ReadAllText(dataDirectory / "lab.yaml"))))));

    Stage Uv => new(layout.Uv, Inputs("uv").Add("uv", Digest.OfFile(dataDirectory / "uv")));

    /// <summary>Of nothing else: whoever has signed with the key wants to verify with it, whatever becomes of the rest.</summary>
    Stage Signing => new(layout.Signing, new StageInputs().Add("format", FormatOf("signing")));

    /// <summary>Whether nothing has to be made.</summary>
    public bool IsComplete => new[] { Tools, BaseImage, Git, Wheels, Uv, Signing }.All(x => x.IsUpToDate);

    /// <summary>Makes what is missing; the servers start as soon as their programs are there, and stop before those change.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> start, Func<Task> stop, CancellationToken cancellation)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var token = together.Token;
        var binaries = Archive("deb", _sources, token);
        var upstream = Archive("deb-src", _sources, token);
        var newer = NewerArchive(token);
        var hosts = host.Codename == data.Suite ? binaries : Archive("deb-host", host.Sources, token);
        Func<Task>[] parts =
        [
            async () =>
            {
                await MakeAsync(Tools, (output, work, log) => MakeToolsAsync(output, work, log, binaries, hosts, newer, stop, token), token);
                await Task.WhenAll(
                    StepAsync("engine, registry", () => start(token)),
                    MakeAsync(Signing, (output, _, _) => new Cosign(layout.Cosign).GenerateKeyPairAsync(output, token), token));
            },
            () => MakeAsync(BaseImage, async (output, work, log) => await new BaseImage(data, host, await binaries.Value).MakeAsync(output, work, log, token), token),
            async () =>
            {
                await MakeAsync(Wheels, async (output, work, log) =>
                {
                    var wheelhouse = new Wheelhouse(data, host, dataDirectory);
                    var packages = await (await binaries.Value).DownloadClosureAsync(wheelhouse.Packages, work / "packages", log, token);
                    await wheelhouse.MakeAsync(packages, output, layout, token);
                }, token);
                RememberedDigest.Remember(layout.Wheelhouse);
            },
            () => MakeAsync(Git, (output, work, log) => new GitMirror(upstream, binaries, log).MakeAsync(data.Sources, output, work, token), token),
            () => MakeAsync(Uv, (output, _, _) => MakeUvAsync(output), token),
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

    Task MakeUvAsync(AbsolutePath output)
    {
        Directory.CreateDirectory(output);
        foreach (var name in new[] { "uv", "uvx" }) Executable.Write(output / name, File.ReadAllText(dataDirectory / "uv"));
        return Task.CompletedTask;
    }

    /// <summary>An archive whose lists are brought up to date when the first part asks for them.</summary>
    Lazy<Task<AptArchive>> Archive(string name, IReadOnlyList<AptSource> sources, CancellationToken cancellation) => new(async () =>
    {
        var archive = new AptArchive(layout.Apt / name, sources, host.Architecture, name == "deb-src" ? name : "deb");
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
        var name = Path.GetFileName(stage.Output);
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
        if (watch.ElapsedMilliseconds > 500) report($"  {name,-20} {watch.Elapsed.TotalSeconds,5:0.0} s");
    }

    StageInputs Inputs(string part) => new StageInputs()
        .Add("format", FormatOf(part))
        .Add("suite", data.Suite)
        .Add("architecture", host.Architecture)
        .Add("mirror", string.Join(' ', _sources.Select(x => $"{x.Uri}#{x.Suite}")));

    static string FormatOf(string part) => Formats.Split(", ").Single(x => x.StartsWith(part + " ", StringComparison.Ordinal));
}
