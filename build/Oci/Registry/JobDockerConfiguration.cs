using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>
/// A docker configuration that has what the user's has and the credentials of this job besides, or in place of those of
/// namespaces the one that an image needs, for programs that know of no such thing. Only its owner may read it, and it
/// is gone when it is disposed.
/// </summary>
sealed class JobDockerConfiguration : IDisposable
{
    JobDockerConfiguration(AbsolutePath directory) => Directory = directory;

    /// <summary>What <c>DOCKER_CONFIG</c> names.</summary>
    public AbsolutePath Directory { get; }

    /// <param name="credentials">The user's.</param>
    /// <param name="reference">The image that the program is to read.</param>
    /// <returns>Null where the user's configuration is all that there is.</returns>
    /// <exception cref="Diagnostics.ProblemException">That one cannot be understood.</exception>
    public static async Task<JobDockerConfiguration?> MakeAsync(DockerCredentials credentials,
        RegistryReference reference, CancellationToken cancellation = default)
    {
        var job = await credentials.OfJobAsync(cancellation);
        var hasNamespaces = credentials.HaveNamespacesOf(reference.Registry);
        if (job is null && !hasNamespaces) return null;
        var config = File.Exists(credentials.File)
            ? JsonNode.Parse(Utf8File.Read(credentials.File, credentials.File))!.AsObject()
            : [];
        if (job is not null) Put(config, job.Registry, job.Credential);
        if (hasNamespaces)
        {
            // The program would take the first entry of the host for all of it: it gets the one that is for this
            // repository, and no other.
            var auths = Section(config, "auths");
            var parts = auths.Select(x => x.Key)
                .Where(x => x.StartsWith(reference.Registry + "/", StringComparison.Ordinal)).ToList();
            foreach (var key in parts)
                auths.Remove(key);
            if (await credentials.FindAsync(reference.Registry, reference.Repository, cancellation) is { } own)
                Put(config, reference.Registry, own);
        }

        var made = new JobDockerConfiguration(System.IO.Directory.CreateTempSubdirectory("docker-").FullName);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(made.Directory / "config.json", options);
        await file.WriteAsync(Encoding.UTF8.GetBytes(config.ToJsonString()), cancellation);
        return made;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    static void Put(JsonObject config, string registry, RegistryCredential credential)
    {
        Section(config, "auths")[DockerCredentials.KeyOf(registry)] = credential.IsIdentityToken
            ? new JsonObject { ["identitytoken"] = credential.Secret }
            : new JsonObject
            {
                ["auth"] =
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.User}:{credential.Secret}"))
            };
        // Otherwise a program that keeps credentials is asked, and an entry counts for nothing.
        Section(config, "credHelpers")[DockerCredentials.KeyOf(registry)] = "";
    }

    static JsonObject Section(JsonObject config, string name)
    {
        if (config[name] is JsonObject section) return section;
        var made = new JsonObject();
        config[name] = made;
        return made;
    }
}
