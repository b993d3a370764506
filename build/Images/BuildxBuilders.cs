using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Images;

/// <summary>The BuildKit instances that <c>docker buildx</c> knows, and which of them can write OCI layouts.</summary>
sealed class BuildxBuilders(string program, RegistryMirrorMap mirrors, Action<string> report)
{
    const string BuilderName = "openstack-images";

    /// <summary>What buildx makes a builder of by itself (docker/buildx, driver/bkimage).</summary>
    static readonly RegistryReference s_image = new(RegistryReference.DockerHub, "moby/buildkit", "buildx-stable-1");

    const string Remedy = "Install Docker with the buildx plugin (https://docs.docker.com/engine/install/), or build "
        + "with --profile lab on Debian as root";

    /// <summary>One run of docker.</summary>
    public static Command Docker(string program, IReadOnlyList<string> arguments) => new(program, arguments)
    {
        // Newer versions ask before they read contexts outside of the working directory; ours are all named on purpose.
        Environment = new Dictionary<string, string?>
        {
            ["BUILDX_BAKE_ENTITLEMENTS_FS"] = "0",
            ["BUILDX_NO_DEFAULT_ATTESTATIONS"] = "1",
        },
        Remedy = Remedy,
    };

    /// <summary>Without the plugin, docker complains of the arguments that were meant for it.</summary>
    public async Task RequirePluginAsync(CancellationToken cancellation)
    {
        if (!(await Docker(program, ["buildx", "version"]).RunAsync(cancellation)).Succeeded)
            throw new ProblemException($"'{program}' has no buildx plugin", Remedy);
    }

    /// <summary>The current builder where it can write OCI layouts (null), else the name of one that can.</summary>
    public async Task<string?> ChooseAsync(CancellationToken cancellation) =>
        (await AskAsync(cancellation)).WritesLayouts ? null : await CreateAsync(cancellation);

    /// <summary>The current builder; nothing is made.</summary>
    /// <exception cref="ProblemException">There is none, or its engine does not answer.</exception>
    public async Task<(string Name, string Version, bool WritesLayouts)> AskAsync(CancellationToken cancellation)
    {
        var asking = Docker(program, ["info", "--format", "{{json .DriverStatus}}"]).RunAsync(cancellation);
        var inspect = await Docker(program, ["buildx", "inspect"]).RunAsync(cancellation);
        var engine = await asking;
        if (!inspect.Succeeded)
        {
            await RequirePluginAsync(cancellation);
            throw new ProblemException($"There is no BuildKit to build with: {inspect.Tail(3)}",
                "Start the Docker engine and check 'docker buildx inspect', or build with "
                + "--profile lab on Debian as root");
        }

        // Asked for an engine that is dead, buildx names no driver and says why, but does not fail.
        if (Field(inspect.Output, "Error") is { Length: > 0 } error)
            throw new ProblemException($"The Docker engine does not answer: {error.TrimEnd('.', '?')}",
                "Start it and try again");
        var (name, version) = (Field(inspect.Output, "Name") ?? "", Field(inspect.Output, "BuildKit version") ?? "");
        if (Field(inspect.Output, "Driver") != "docker") return (name, version, true);
        if (engine.Succeeded && engine.Output.Contains("io.containerd.snapshotter", StringComparison.Ordinal))
            return (name, version, true);
        if (!engine.Succeeded)
            throw new ProblemException($"The Docker engine does not answer: {engine.Tail(3)}",
                "Start it and try again");
        return (name, version, false);
    }

    async Task<string> CreateAsync(CancellationToken cancellation)
    {
        if ((await Docker(program, ["buildx", "inspect", BuilderName, "--bootstrap"]).RunAsync(cancellation)).Succeeded)
            return BuilderName;
        report($"The engine's image store cannot write OCI layouts: making the builder '{BuilderName}' "
            + "(driver docker-container) ...");
        await Docker(program, ["buildx", "rm", "--force", BuilderName]).RunAsync(cancellation);
        var image = mirrors.SourceOf(s_image);
        var create = await Docker(program,
            ["buildx", "create", "--name", BuilderName, "--driver", "docker-container", "--bootstrap",
                "--buildkitd-flags", "--allow-insecure-entitlement network.host",
                .. image.IsMirrored ? ["--driver-opt", $"image={image.Place}"] : Array.Empty<string>()])
            .RunAsync(cancellation);
        if (create.Succeeded) return BuilderName;
        await Docker(program, ["buildx", "rm", "--force", BuilderName]).RunAsync(cancellation);
        throw new ProblemException("The engine's image store cannot write OCI layouts, and a builder that can could "
            + $"not be made: {create.Tail(3)}",
            "Turn on the containerd image store (daemon.json: {\"features\": {\"containerd-snapshotter\": true}}) or "
            + $"give access to {(image.IsMirrored ? image : image.Name.Name)}");
    }

    /// <summary>What a builder that has to be made is made of.</summary>
    public string OwnImage => $"{mirrors.SourceOf(s_image).Place}";

    static string? Field(string text, string name) => text.Split('\n')
        .Where(x => x.StartsWith(name + ":", StringComparison.Ordinal))
        .Select(x => x[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
