
namespace OpenStack.Lab;

/// <summary>
/// What a build calls as docker: the laboratory's client, set to the laboratory's engine, with buildx as its plugin.
/// </summary>
static class DockerWrapper
{
    public static void Write(LabLayout layout)
    {
        var plugin = layout.DockerConfig / "cli-plugins" / "docker-buildx";
        Directory.CreateDirectory(plugin.Parent!);
        File.Delete(plugin);
        File.CreateSymbolicLink(plugin, layout.Tools / "usr/libexec/docker/cli-plugins/docker-buildx");
        Executable.Write(layout.DockerWrapper, $"""
            #!/bin/sh
            # The laboratory's docker, talking to the laboratory's engine.
            export DOCKER_HOST={Quote($"unix://{layout.EngineSocket}")}
            export DOCKER_CONFIG={Quote(layout.DockerConfig)}
            export BUILDX_BAKE_ENTITLEMENTS_FS=0
            exec {Quote(layout.Tools / "usr/bin/docker")} "$@"
            """ + "\n");
    }

    static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
