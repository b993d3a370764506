using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Images;

/// <summary>The container engine, for running what was built.</summary>
/// <param name="program">The docker command line: a name on PATH or a file.</param>
public sealed class Engine(string program)
{
    const string Remedy =
        "Install Docker (https://docs.docker.com/engine/install/) and start it, or use --profile lab on Debian as root";

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
            // The image store collects the layers of what had the name before, while those that both have are being
            // looked up.
            if (attempt < 3 && !load.Succeeded && load.Error.Contains("parent snapshot", StringComparison.Ordinal))
                continue;
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
    /// <param name="capabilities">
    /// Capabilities beyond the engine's own that whoever becomes root in it may have, as in <c>NET_ADMIN</c>.
    /// </param>
    /// <param name="cancellation">Ends it early.</param>
    public Task<CommandResult> RunPythonAsync(string name, string platform, string script,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string>? capabilities = null, CancellationToken cancellation = default) =>
        new Command(program, ["run", "--rm", "--interactive", "--network", "none", "--platform", platform,
            .. environment.SelectMany(x => new[] { "--env", $"{x.Key}={x.Value}" }),
            .. (capabilities ?? []).SelectMany(x => new[] { "--cap-add", x }), name, "python3", "-"])
        {
            Input = script,
            Remedy = Remedy,
        }.RunAsync(cancellation);

    /// <summary>Removes the name; layers that nothing else uses go with it.</summary>
    public Task RemoveAsync(string name) => new Command(program, "image", "rm", "--force", name).RunAsync();
}
