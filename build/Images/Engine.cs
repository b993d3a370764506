using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Images;

/// <summary>The container engine, for running what was built.</summary>
/// <param name="program">The docker command line: a name on PATH or a file.</param>
public sealed class Engine(string program)
{
    const string Remedy =
        "Install Docker (https://docs.docker.com/engine/install/) and start it, or use --profile lab on Debian as root";

    /// <summary>
    /// What an engine says whose image store collects the layers of what had the name before, while those that both
    /// have are being looked up; and what one said, under load, of a layer that was as its digest has it. An image that
    /// is wrong fails again.
    /// </summary>
    static readonly string[] s_passing = ["parent snapshot", "wrong diff id calculated on extraction"];

    /// <summary>Makes an image known to the engine under these names, replacing what had them before.</summary>
    /// <returns>Whether it was not known so already.</returns>
    public async Task<bool> LoadAsync(OciLayout layout, IReadOnlyList<string> names,
        CancellationToken cancellation = default)
    {
        var present = await new Command(program,
            ["image", "inspect", .. names, "--format", "{{.Id}} {{json .RepoDigests}}"])
        {
            Remedy = Remedy,
        }.RunAsync(cancellation);
        if (present.Succeeded && present.Lines.All(x => x.Contains(layout.Digest, StringComparison.Ordinal)))
            return false;
        for (var attempt = 1; ; attempt++)
        {
            var load = await new Command(program, "load")
            {
                Remedy = Remedy,
                InputWriter = (stream, token) => OciArchive.WriteAsync(layout, names, stream, token),
            }.RunAsync(cancellation);
            if (attempt < 3 && !load.Succeeded
                && s_passing.Any(x => load.Error.Contains(x, StringComparison.Ordinal))) continue;
            load.RequireSuccess(Remedy);
            return true;
        }
    }

    /// <summary>
    /// Runs Python code in a new container of an image, without network; the container is removed afterwards.
    /// </summary>
    /// <param name="name">The image.</param>
    /// <param name="platform">That of the image.</param>
    /// <param name="script">Code for <c>python3 -</c>.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="rights">What it may do beyond what the engine lets every container do.</param>
    /// <param name="cancellation">Ends it early.</param>
    public Task<CommandResult> RunPythonAsync(string name, string platform, string script,
        IReadOnlyDictionary<string, string> environment,
        ContainerRights? rights = null, CancellationToken cancellation = default) =>
        new Command(program, [.. ContainerOf(platform, environment), .. rights?.Options ?? [], name, "python3", "-"])
        {
            Input = script,
            Remedy = Remedy,
        }.RunAsync(cancellation);

    /// <summary>
    /// Runs Python code in a new container of an image. The container's input stays open for as long as this waits for
    /// it: code that ends with its input does not outlive a run that was killed.
    /// </summary>
    /// <param name="place">Where it runs.</param>
    /// <param name="onLine">Gets each line of its output as it comes.</param>
    /// <inheritdoc cref="RunPythonAsync"/>
    public async Task<CommandResult> FollowPythonAsync(string name, string platform, string script,
        IReadOnlyDictionary<string, string> environment, ContainerPlace place, Action<string> onLine,
        CancellationToken cancellation = default)
    {
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return await new Command(program,
            [.. ContainerOf(platform, environment, place.Network), .. place.Options, name, "python3", "-c", script])
        {
            Remedy = Remedy,
            InputWriter = (_, token) => Task.WhenAny(isOver.Task, place.Ends).WaitAsync(token),
            OutputReader = async (stream, token) =>
            {
                try
                {
                    using var reader = new StreamReader(stream);
                    while (await reader.ReadLineAsync(token) is { } line) onLine(line);
                }
                finally
                {
                    isOver.SetResult();
                }
            },
        }.RunAsync(cancellation);
    }

    /// <summary>A container with an input, which is gone when what it runs has ended.</summary>
    static IEnumerable<string> ContainerOf(string platform, IReadOnlyDictionary<string, string> environment,
        string network = ContainerPlace.NoNetwork) =>
    [
        "run", "--rm", "--interactive", "--network", network, "--platform", platform,
        .. environment.SelectMany(x => new[] { "--env", $"{x.Key}={x.Value}" }),
    ];

    /// <summary>The engine's version, and the directory of this machine that it keeps everything in.</summary>
    /// <exception cref="ProblemException">It does not answer.</exception>
    public async Task<(string Version, string Directory)> DescribeAsync(CancellationToken cancellation = default)
    {
        var info = await new Command(program, "info", "--format", "{{.ServerVersion}}|{{.DockerRootDir}}")
        {
            Remedy = Remedy,
        }.RunAsync(cancellation);
        info.RequireSuccess(Remedy);
        return info.Output.Trim().Split('|', 2) is [{ Length: > 0 } version, var directory]
            ? (version, directory)
            : throw new ProblemException($"The Docker engine does not answer: {info.Tail(3)}",
                "Start it and try again");
    }

    /// <summary>Removes the name; layers that nothing else uses go with it.</summary>
    public Task RemoveAsync(string name) => new Command(program, "image", "rm", "--force", name).RunAsync();
}

/// <summary>What a container may do beyond what the engine lets every one do.</summary>
/// <param name="User">Who runs in it, <c>0:0</c>; null for the image's own user.</param>
/// <param name="Capabilities">Those that whoever is or becomes root in it may have, as in <c>NET_ADMIN</c>.</param>
/// <param name="Devices">Devices of the host, as in <c>/dev/net/tun</c>.</param>
public sealed record ContainerRights(string? User, IReadOnlyList<string> Capabilities, IReadOnlyList<string> Devices)
{
    public IEnumerable<string> Options =>
    [
        .. User is null ? [] : new[] { "--user", User }, .. Capabilities.SelectMany(x => new[] { "--cap-add", x }),
        .. Devices.SelectMany(x => new[] { "--device", x }),
    ];
}

/// <summary>Where a container runs, and until when.</summary>
public sealed record ContainerPlace
{
    public const string NoNetwork = "none";

    /// <summary>The place of what asks for nothing: no network, and nothing to write to but <c>/tmp</c>.</summary>
    public static ContainerPlace Sealed { get; } = new ContainerPlace().ReadOnly;

    /// <summary>This place, with nothing to write to but <c>/tmp</c>.</summary>
    public ContainerPlace ReadOnly =>
        this with { Options = [.. Options, "--read-only", "--tmpfs", "/tmp:exec,mode=1777"] };

    /// <summary>This place, for what may become root and do this then.</summary>
    public ContainerPlace With(IReadOnlyList<string> capabilities) =>
        this with { Options = [.. Options, .. new ContainerRights(null, capabilities, []).Options] };

    /// <summary>The network, as the engine names it.</summary>
    public string Network { get; init; } = NoNetwork;

    /// <summary>What else the engine is told of it.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The container's input ends when this does.</summary>
    public Task Ends { get; init; } = Task.Delay(Timeout.Infinite);

    /// <summary>
    /// A container that others share the network of: they see each other on the loopback interface, and nothing else.
    /// </summary>
    public static ContainerPlace Shared(string name) => new() { Options = ["--name", name] };

    /// <summary>One that shares the network of another.</summary>
    public static ContainerPlace Beside(string name) => new() { Network = $"container:{name}" };
}
