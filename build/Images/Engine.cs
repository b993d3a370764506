using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Images;

/// <summary>The container engine, for running what was built.</summary>
/// <param name="program">The docker command line: a name on PATH or a file.</param>
public sealed class Engine(string program)
{
    const string Remedy = "Install Docker (https://docs.docker.com/engine/install/) and start it, or use --profile lab on Debian as root";

    /// <summary>Makes an image known to the engine under <paramref name="name"/>, replacing what had the name before.</summary>
    public async Task LoadAsync(OciLayout layout, string name, CancellationToken cancellation = default)
    {
        var present = await new Command(program, "image", "inspect", name, "--format", "{{.Id}} {{json .RepoDigests}}") { Remedy = Remedy }.RunAsync(cancellation);
        if (present.Succeeded && present.Output.Contains(layout.Digest, StringComparison.Ordinal)) return;
        var load = await new Command(program, "load")
        {
            Remedy = Remedy,
            InputWriter = (stream, token) => OciArchive.WriteAsync(layout, name, stream, token),
        }.RunAsync(cancellation);
        load.RequireSuccess(Remedy);
    }

    /// <summary>Runs Python code in a new container of an image, without network; the container is removed afterwards.</summary>
    /// <param name="name">The image.</param>
    /// <param name="script">Code for <c>python3 -</c>.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="cancellation">Ends it early.</param>
    public Task<CommandResult> RunPythonAsync(string name, string script, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation = default) =>
        new Command(program, ["run", "--rm", "--interactive", "--network", "none",
            .. environment.SelectMany(x => new[] { "--env", $"{x.Key}={x.Value}" }), name, "python3", "-"])
        {
            Input = script,
            Remedy = Remedy,
        }.RunAsync(cancellation);

    /// <summary>Removes the name; layers that nothing else uses go with it.</summary>
    public Task RemoveAsync(string name) => new Command(program, "image", "rm", "--force", name).RunAsync();
}
