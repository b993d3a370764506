using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>
/// The credentials that <c>docker login</c> keeps: <c>config.json</c>, or the helper programs that it names (docker/cli,
/// docs/reference/commandline/login.md, "Credential stores").
/// </summary>
/// <param name="file">The <c>config.json</c>; need not be there.</param>
/// <param name="job">What stands in where there are none for its registry.</param>
public sealed partial class DockerCredentials(AbsolutePath file, JobCredential? job = null)
{
    /// <summary>Docker Hub's entry; the protocol in its name has been gone for years.</summary>
    const string DockerHubKey = "https://index.docker.io/v1/";

    /// <summary>Those of the user: in <c>$DOCKER_CONFIG</c>, or <c>~/.docker</c>; in a job, its own besides.</summary>
    public static DockerCredentials OfUser => new(Path.GetFullPath(Path.Combine(
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } directory ? directory : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker"),
        "config.json")), JobCredential.Of(Environment.GetEnvironmentVariable));

    /// <summary>Where they are looked for.</summary>
    public AbsolutePath File => file;

    /// <summary>What a job has of its own, where nobody has logged in to its registry; null where somebody has, or this is no job.</summary>
    public async Task<JobCredential?> OfJobAsync(CancellationToken cancellation = default) =>
        job is not null && await KeptAsync(job.Registry, cancellation) is null ? job : null;

    /// <summary>The credentials for a registry; null where there are none.</summary>
    /// <exception cref="ProblemException">The file cannot be understood, or a helper fails.</exception>
    public async Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellation = default) =>
        await KeptAsync(registry, cancellation) ?? (job?.Registry == registry ? job.Credential : null);

    async Task<RegistryCredential?> KeptAsync(string registry, CancellationToken cancellation)
    {
        if (!System.IO.File.Exists(file)) return null;
        try
        {
            using var json = JsonDocument.Parse(Utf8File.Read(file, file));
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("it is no object");
            var helper = HelperFor(json.RootElement, registry);
            return (helper is null ? null : await AskAsync(helper, registry, cancellation)) ?? InFile(json.RootElement, registry, file);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new ProblemException(new Problem($"cannot be understood: {e.Message}", file, Remedy: $"Mend it, or run 'docker login {registry}'"), e);
        }
    }

    /// <summary>The program that keeps them: the registry's own, or the one for all.</summary>
    internal static string? HelperFor(JsonElement config, string registry)
    {
        var helpers = OciJson.Map(config, "credHelpers");
        var name = helpers.GetValueOrDefault(KeyOf(registry)) ?? helpers.GetValueOrDefault(registry) ?? OciJson.Text(config, "credsStore");
        if (name is null or "") return null;
        return HelperName().IsMatch(name) ? $"docker-credential-{name}" : throw new JsonException($"'{name}' cannot be the name of a credential helper");
    }

    /// <summary>The entry under <c>auths</c>, whose keys are hosts or, from older days, URLs.</summary>
    internal static RegistryCredential? InFile(JsonElement config, string registry, string source)
    {
        if (!config.TryGetProperty("auths", out var auths) || auths.ValueKind != JsonValueKind.Object) return null;
        var host = HostOf(KeyOf(registry));
        var entries = auths.EnumerateObject().Where(x => x.Value.ValueKind == JsonValueKind.Object).ToList();
        // An entry that a helper keeps is empty here.
        return entries.Where(x => x.Name == KeyOf(registry)).Concat(entries.Where(x => HostOf(x.Name) == host)).Select(x => Entry(x.Value, source)).FirstOrDefault(x => x is not null);
    }

    static RegistryCredential? Entry(JsonElement entry, string source)
    {
        if (OciJson.Text(entry, "identitytoken") is { Length: > 0 } token) return new RegistryCredential("", token, source);
        if (OciJson.Text(entry, "auth") is { Length: > 0 } auth)
        {
            // What is wrong with it must not be quoted.
            byte[] bytes;
            try
            {
                bytes = Convert.FromBase64String(auth);
            }
            catch (FormatException)
            {
                throw new JsonException("an entry's auth is no base64");
            }

            return Encoding.UTF8.GetString(bytes).Split(':', 2) is [var user, var password] && user.Length > 0
                ? new RegistryCredential(user, password.TrimEnd('\0'), source)
                : throw new JsonException("an entry's auth is not user:password");
        }

        return OciJson.Text(entry, "username") is { Length: > 0 } name ? new RegistryCredential(name, OciJson.Text(entry, "password") ?? "", source) : null;
    }

    /// <summary>The protocol of helpers: the server on standard input, JSON on standard output (github.com/docker/docker-credential-helpers).</summary>
    async Task<RegistryCredential?> AskAsync(string helper, string registry, CancellationToken cancellation)
    {
        var result = await new Command(helper, "get") { Input = KeyOf(registry) + "\n", Remedy = $"Install it, or take it out of {file}" }.RunAsync(cancellation);
        if (!result.Succeeded)
        {
            if (result.Output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase)) return null;
            throw new ProblemException($"{helper}, named by {file}, exited with code {result.ExitCode}: {(result.Error.Length > 0 ? result.Error : result.Output).Trim()}", $"Run 'docker login {registry}'");
        }

        try
        {
            using var json = JsonDocument.Parse(result.Output);
            return OciJson.Text(json.RootElement, "Secret") is { Length: > 0 } secret ? new RegistryCredential(OciJson.Text(json.RootElement, "Username") ?? "", secret, helper) : null;
        }
        catch (JsonException)
        {
            throw new ProblemException($"{helper}, named by {file}, printed no JSON", $"Run 'docker login {registry}'");
        }
    }

    static string KeyOf(string registry) => registry == RegistryReference.DockerHub ? DockerHubKey : registry;

    static string HostOf(string key)
    {
        var start = key.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        var end = key.IndexOf('/', start);
        return end < 0 ? key[start..] : key[start..end];
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex HelperName();
}
