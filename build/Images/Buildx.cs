using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Network;
using OpenStack.Oci;
using OpenStack.Outcomes;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// BuildKit through <c>docker buildx</c>. The images leave it as OCI layouts; an engine that cannot write them gets a
/// builder of its own made for it (driver <c>docker-container</c>).
/// </summary>
/// <param name="program">The docker command line: a name on PATH or a file.</param>
/// <param name="watch">What a person follows a build by.</param>
public sealed class Buildx(string program, Watch watch)
{
    /// <summary>Where what comes after a build is told, too.</summary>
    internal Watch Watch => watch;

    /// <summary>Where images are cached beside the engine's own cache; nowhere, where it is null.</summary>
    public BuildCache? Cache { get; init; }

    /// <summary>Where images of registries are asked for instead of where names say.</summary>
    public RegistryMirrorMap Mirrors { get; init; } = RegistryMirrorMap.None;

    BuildxBuilders Builders => new(program, Mirrors, watch.Tell);

    /// <summary>Whether nothing is taken but what the targets are handed; see <see cref="SourcePolicy"/>.</summary>
    public bool IsClosed { get; init; }

    /// <summary>How steps get out; as they are, where it is null.</summary>
    public StepNetwork? Network { get; init; }

    /// <summary>How long the steps of one target may take; for ever, where it is null.</summary>
    public TimeLimit? Limit { get; init; }

    /// <summary>Builds a graph; the whole output of BuildKit goes to <paramref name="logFile"/>.</summary>
    /// <exception cref="ProblemException">
    /// There is no engine, or the build fails; names the step and the log.
    /// </exception>
    public Task BakeAsync(
        IReadOnlyDictionary<string, BakeTarget> targets,
        AbsolutePath bakeFile,
        AbsolutePath logFile,
        bool noCache,
        CancellationToken cancellation = default) =>
        BakeAsync(targets, bakeFile, targets.ToDictionary(x => x.Key, _ => logFile), noCache, cancellation);

    /// <summary>Builds a graph; what BuildKit says of each target goes to a file of its own.</summary>
    /// <param name="logFiles">By target. Those of the graph without one are parts of the others.</param>
    /// <exception cref="ProblemException">
    /// There is no engine, or the build fails; names the step and the log. What one target alone has failed of is about
    /// that (<see cref="Problem.Subject"/>).
    /// </exception>
    public Task BakeAsync(
        IReadOnlyDictionary<string, BakeTarget> targets,
        AbsolutePath bakeFile,
        IReadOnlyDictionary<string, AbsolutePath> logFiles,
        bool noCache,
        CancellationToken cancellation = default)
    {
        Task RunAsync(IReadOnlyDictionary<string, BakeTarget> graph) =>
            BakeGraphAsync(graph, bakeFile, logFiles, noCache, cancellation);
        return Cache?.UseAsync(targets, RunAsync, cancellation) ?? RunAsync(targets);
    }

    async Task BakeGraphAsync(IReadOnlyDictionary<string, BakeTarget> targets, AbsolutePath bakeFile,
        IReadOnlyDictionary<string, AbsolutePath> logFiles, bool noCache, CancellationToken cancellation)
    {
        if (Network is { } network) targets = targets.ToDictionary(x => x.Key, x => network.Equip(x.Value));
        // What is closed asks no registry, and a refusal is to name what the Dockerfile does.
        var mirrored = IsClosed ? new MirroredGraph(targets, []) : MirroredGraph.Of(targets, Mirrors);
        AtomicFile.WriteText(bakeFile, BakeFile.ToJson(mirrored.Targets, Network?.Variables ?? []));
        var composeFile = bakeFile.Parent! / "bake.compose.yaml";
        var compose = BakeFile.ToCompose(targets);
        if (compose is not null) AtomicFile.WriteText(composeFile, compose);
        // Each question costs the start of a program: asked at once.
        var (choosing, entitling) = (Builders.ChooseAsync(cancellation), EntitlementsAsync(targets, cancellation));
        var builder = await choosing;
        IReadOnlyList<string> arguments = ["buildx", "bake",
            .. compose is null ? Array.Empty<string>() : ["--file", composeFile], "--file", bakeFile, "--progress",
            "plain",
            .. builder is null ? Array.Empty<string>() : ["--builder", builder],
            .. noCache ? ["--no-cache"] : Array.Empty<string>(),
            .. await entitling];
        var bake = Docker(arguments);
        if (Network is { } way)
            bake = bake with
            {
                Environment = new Dictionary<string, string?>(bake.Environment.Concat(way.Environment)),
            };
        if (IsClosed) bake = Close(bake, bakeFile.Parent! / "bake.policy.json");
        await using var given = new GivenLayouts(new Engine(program), targets.Values);
        var end = await new BakeRun(bake, logFiles, Limit, watch, given.GiveAsync).RunAsync(cancellation);
        if (!end.Result.Succeeded) throw Describe(end, targets, mirrored, logFiles);
        foreach (var directory in targets.Values.Select(x => x.Files).OfType<AbsolutePath>()) GiveOwnTimes(directory);
    }

    /// <summary>
    /// BuildKit gives files the time of the commit, and takes those of a context for the ones that it has when their
    /// sizes and times are the same: a wheel of another patch that is as long would be the one before.
    /// </summary>
    static void GiveOwnTimes(AbsolutePath directory)
    {
        var now = DateTime.UtcNow;
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories))
            if (file.LinkTarget is null) file.LastWriteTimeUtc = now;
    }

    ProblemException Describe(BakeEnd end, IReadOnlyDictionary<string, BakeTarget> targets, MirroredGraph mirrored,
        IReadOnlyDictionary<string, AbsolutePath> logFiles)
    {
        var logFile = end.Target is { } target ? logFiles[target] : logFiles.Values.First();
        ProblemException About(string found, string remedy) => new(new Problem(found, Remedy: remedy)
        {
            Subject = end.Target,
        });
        if (IsClosed && SourcePolicy.DeniedIn(end.Result.Error) is { } denied)
            return About($"a Dockerfile asks for {denied}, which no lock names",
                "Take it from a named context, or build without --hermetic");
        var why = end.Failure ?? LastError(end.Result);
        if (mirrored.NamedIn(why) is { } image)
            return About($"BuildKit cannot have {image}: {why}",
                $"See that the mirror has it, or correct --registry-mirrors; the whole output is in {logFile}");
        if (end.Failure is not { } failure)
            return About($"BuildKit failed: {LastError(end.Result)}",
                $"See whether the engine runs, and run the same command again; the whole output is in {logFile}");
        return About($"BuildKit failed in {failure}", failure.Contains("exec format error", StringComparison.Ordinal)
            ? "The machine cannot run programs of "
                + $"{string.Join(", ", targets.Values.SelectMany(x => x.Platforms).Distinct())}: give it an "
                + "emulator (docker run --privileged --rm tonistiigi/binfmt --install all), or build each "
                + "platform on a machine of its own and run Join"
            : WallRemedy.For(failure) is { } remedy
                ? $"{remedy}; the whole output is in {logFile}"
                : $"The whole output is in {logFile}");
    }

    /// <summary>An image in a registry, or in its mirror, as it is now.</summary>
    public async Task<ImageInspection> InspectAsync(string reference, string platform,
        CancellationToken cancellation = default)
    {
        var source = Mirrors.SourceOf(RegistryReference.ParseFamiliar(reference));
        var result = await Docker(["buildx", "imagetools", "inspect", $"{source.Place}", "--format", "{{json .}}"])
            .RunAsync(cancellation);
        if (result.Succeeded) return ImageInspection.Read(result.Output, $"{source}", platform);
        await Builders.RequirePluginAsync(cancellation);
        var remedy = source.IsMirrored
            ? "See that the mirror has it, or correct --registry-mirrors"
            : "Without access to its registry, name a mirror of it (--registry-mirrors), another image or an OCI "
            + "layout (--base-image, --uv-image), or use --profile lab";
        throw new ProblemException($"The image {source} cannot be looked up: {result.Tail(3)}",
            WallRemedy.For(result.Error) ?? remedy);
    }

    /// <summary>What would build, in words; nothing is made.</summary>
    /// <exception cref="ProblemException">There is nothing.</exception>
    public async Task<string> DescribeAsync(CancellationToken cancellation = default)
    {
        var (name, version, writesLayouts) = await Builders.AskAsync(cancellation);
        var what = $"builder '{name}'" + (version.Length > 0 ? $", BuildKit {version}" : "");
        return writesLayouts ? what : $"{what}; it writes no OCI layouts, and one that does is made of "
            + Builders.OwnImage;
    }

    static Command Close(Command bake, AbsolutePath policy)
    {
        AtomicFile.Write(policy, x => File.WriteAllBytes(x, SourcePolicy.Closed.ToArray()));
        return bake with
        {
            Environment = new Dictionary<string, string?>(bake.Environment) { [SourcePolicy.Variable] = policy },
        };
    }

    Command Docker(IReadOnlyList<string> arguments) => BuildxBuilders.Docker(program, arguments);

    /// <summary>Versions that know <c>--allow</c> want it for the host's network.</summary>
    async Task<IReadOnlyList<string>> EntitlementsAsync(IReadOnlyDictionary<string, BakeTarget> targets,
        CancellationToken cancellation)
    {
        if (targets.Values.All(x => x.Network != "host")) return [];
        var help = await Docker(["buildx", "bake", "--help"]).RunAsync(cancellation);
        return help.Output.Contains("--allow ", StringComparison.Ordinal) ? ["--allow", "network.host"] : [];
    }

    static string LastError(CommandResult result) =>
        (result.Error.Split('\n')
            .LastOrDefault(x => x.StartsWith("ERROR: ", StringComparison.Ordinal))?["ERROR: ".Length..]
            ?? result.Tail(1)).TrimEnd('.', '?');
}
