using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>
/// A docker configuration that has what the user's has and the credentials of this job besides, for programs that know of no others. Only its owner may read it, and it
/// is gone when it is disposed.
/// </summary>
sealed class JobDockerConfiguration : IDisposable
{
    JobDockerConfiguration(AbsolutePath directory) => Directory = directory;

    /// <summary>What <c>DOCKER_CONFIG</c> names.</summary>
    public AbsolutePath Directory { get; }

    /// <returns>Null where the user's configuration is all that there is.</returns>
    /// <exception cref="Diagnostics.ProblemException">That one cannot be understood.</exception>
    public static async Task<JobDockerConfiguration?> MakeAsync(DockerCredentials credentials, CancellationToken cancellation = default)
    {
        if (await credentials.OfJobAsync(cancellation) is not { } job) return null;
        var config = File.Exists(credentials.File) ? JsonNode.Parse(Utf8File.Read(credentials.File, credentials.File))!.AsObject() : [];
        Section(config, "auths")[job.Registry] = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{job.Credential.User}:{job.Credential.Secret}")) };
        // Otherwise a program that keeps credentials is asked, and an entry counts for nothing.
        Section(config, "credHelpers")[job.Registry] = "";
        var made = new JobDockerConfiguration(System.IO.Directory.CreateTempSubdirectory("docker-").FullName);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(made.Directory / "config.json", options);
        await file.WriteAsync(Encoding.UTF8.GetBytes(config.ToJsonString()), cancellation);
        return made;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    static JsonObject Section(JsonObject config, string name)
    {
        if (config[name] is JsonObject section) return section;
        var made = new JsonObject();
        config[name] = made;
        return made;
    }
}
