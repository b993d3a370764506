using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// BuildKit through <c>docker buildx</c>. The images leave it as OCI layouts; an engine that cannot write them gets a builder of
/// its own made for it (driver <c>docker-container</c>).
/// </summary>
/// <param name="program">The docker command line: a name on PATH or a file.</param>
/// <param name="report">Gets the lines that a person follows a build by.</param>
public sealed class Buildx(string program, Action<string> report)
{
    const string BuilderName = "openstack-images";

    /// <summary>Builds a graph; the whole output of BuildKit goes to <paramref name="logFile"/>.</summary>
    /// <exception cref="ProblemException">There is no engine, or the build fails; names the step and the log.</exception>
    public async Task BakeAsync(
        IReadOnlyDictionary<string, BakeTarget> targets,
        AbsolutePath bakeFile,
        AbsolutePath logFile,
        bool noCache,
        CancellationToken cancellation = default)
    {
        AtomicFile.WriteText(bakeFile, BakeFile.ToJson(targets));
        var composeFile = bakeFile.Parent! / "bake.compose.yaml";
        var compose = BakeFile.ToCompose(targets);
        if (compose is not null) AtomicFile.WriteText(composeFile, compose);
        var builder = await ChooseBuilderAsync(cancellation);
        var progress = new BuildProgress(report);
        Directory.CreateDirectory(logFile.Parent!);
        await using var log = new StreamWriter(logFile, append: false) { AutoFlush = true };
        IReadOnlyList<string> arguments = ["buildx", "bake", .. compose is null ? Array.Empty<string>() : ["--file", composeFile], "--file", bakeFile, "--progress", "plain",
            .. builder is null ? Array.Empty<string>() : ["--builder", builder],
            .. noCache ? ["--no-cache"] : Array.Empty<string>(),
            .. await EntitlementsAsync(targets, cancellation)];
        void OnLine(string line)
        {
            log.WriteLine(line);
            progress.Read(line);
        }

        var result = await (Docker(arguments) with { OnLine = OnLine }).RunAsync(cancellation);
        if (result.Succeeded) return;
        throw progress.Failure is { } failure
            ? new ProblemException($"BuildKit failed in {failure}", $"The whole output is in {logFile}")
            : new ProblemException($"BuildKit failed: {LastError(result)}", $"See whether the engine runs, and run the same command again; the whole output is in {logFile}");
    }

    /// <summary>An image in a registry as it is now.</summary>
    public async Task<ImageInspection> InspectAsync(string reference, string platform, CancellationToken cancellation = default)
    {
        var result = await Docker(["buildx", "imagetools", "inspect", reference, "--format", "{{json .}}"]).RunAsync(cancellation);
        if (!result.Succeeded)
        {
            await RequirePluginAsync(cancellation);
            throw new ProblemException($"The image {reference} cannot be looked up: {result.Tail(3)}",
                "Without access to its registry, name another image or an OCI layout (--base-image, --uv-image), or use --profile lab");
        }

        return ImageInspection.Read(result.Output, reference, platform);
    }

    const string Remedy = "Install Docker with the buildx plugin (https://docs.docker.com/engine/install/), or build with --profile lab on Debian as root";

    Command Docker(IReadOnlyList<string> arguments) => new(program, arguments)
    {
        // Newer versions ask before they read contexts outside of the working directory; ours are all named on purpose.
        Environment = new Dictionary<string, string?> { ["BUILDX_BAKE_ENTITLEMENTS_FS"] = "0", ["BUILDX_NO_DEFAULT_ATTESTATIONS"] = "1" },
        Remedy = Remedy,
    };

    /// <summary>Without the plugin, docker complains of the arguments that were meant for it.</summary>
    async Task RequirePluginAsync(CancellationToken cancellation)
    {
        if (!(await Docker(["buildx", "version"]).RunAsync(cancellation)).Succeeded) throw new ProblemException($"'{program}' has no buildx plugin", Remedy);
    }

    /// <summary>The current builder where it can write OCI layouts (null), else the name of one that can.</summary>
    async Task<string?> ChooseBuilderAsync(CancellationToken cancellation)
    {
        var inspect = await Docker(["buildx", "inspect"]).RunAsync(cancellation);
        if (!inspect.Succeeded)
        {
            await RequirePluginAsync(cancellation);
            throw new ProblemException($"There is no BuildKit to build with: {inspect.Tail(3)}",
                "Start the Docker engine and check 'docker buildx inspect', or build with --profile lab on Debian as root");
        }

        if (Field(inspect.Output, "Driver") != "docker") return null;
        var engine = await Docker(["info", "--format", "{{json .DriverStatus}}"]).RunAsync(cancellation);
        if (engine.Succeeded && engine.Output.Contains("io.containerd.snapshotter", StringComparison.Ordinal)) return null;
        if (!engine.Succeeded) throw new ProblemException($"The Docker engine does not answer: {engine.Tail(3)}", "Start it and try again");
        return await CreateBuilderAsync(cancellation);
    }

    async Task<string> CreateBuilderAsync(CancellationToken cancellation)
    {
        if ((await Docker(["buildx", "inspect", BuilderName, "--bootstrap"]).RunAsync(cancellation)).Succeeded) return BuilderName;
        report($"The engine's image store cannot write OCI layouts: making the builder '{BuilderName}' (driver docker-container) ...");
        await Docker(["buildx", "rm", "--force", BuilderName]).RunAsync(cancellation);
        var create = await Docker(["buildx", "create", "--name", BuilderName, "--driver", "docker-container", "--bootstrap",
            "--buildkitd-flags", "--allow-insecure-entitlement network.host"]).RunAsync(cancellation);
        if (create.Succeeded) return BuilderName;
        await Docker(["buildx", "rm", "--force", BuilderName]).RunAsync(cancellation);
        throw new ProblemException($"The engine's image store cannot write OCI layouts, and a builder that can could not be made: {create.Tail(3)}",
            "Turn on the containerd image store (daemon.json: {\"features\": {\"containerd-snapshotter\": true}}) or give access to docker.io/moby/buildkit");
    }

    /// <summary>Versions that know <c>--allow</c> want it for the host's network.</summary>
    async Task<IReadOnlyList<string>> EntitlementsAsync(IReadOnlyDictionary<string, BakeTarget> targets, CancellationToken cancellation)
    {
        if (targets.Values.All(x => x.Network != "host")) return [];
        var help = await Docker(["buildx", "bake", "--help"]).RunAsync(cancellation);
        return help.Output.Contains("--allow ", StringComparison.Ordinal) ? ["--allow", "network.host"] : [];
    }

    static string LastError(CommandResult result) =>
        (result.Error.Split('\n').LastOrDefault(x => x.StartsWith("ERROR: ", StringComparison.Ordinal))?["ERROR: ".Length..] ?? result.Tail(1)).TrimEnd('.', '?');

    static string? Field(string text, string name) => text.Split('\n')
        .Where(x => x.StartsWith(name + ":", StringComparison.Ordinal))
        .Select(x => x[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
