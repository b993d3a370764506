using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>
/// The credentials that <c>docker login</c> keeps: <c>config.json</c>, or the helper programs that it names
/// (docker/cli, docs/reference/commandline/login.md, "Credential stores").
/// </summary>
/// <param name="file">The <c>config.json</c>; need not be there.</param>
/// <param name="job">What stands in where there are none for its registry.</param>
public sealed partial class DockerCredentials(AbsolutePath file, JobCredential? job = null)
{
    /// <summary>Docker Hub's entry; the protocol in its name has been gone for years.</summary>
    const string DockerHubKey = "https://index.docker.io/v1/";

    /// <summary>Those of the user: in <c>$DOCKER_CONFIG</c>, or <c>~/.docker</c>; in a job, its own besides.</summary>
    public static DockerCredentials OfUser => new(Path.GetFullPath(Path.Combine(
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } directory
            ? directory
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker"),
        "config.json")), JobCredential.Of(Environment.GetEnvironmentVariable));

    /// <summary>Where they are looked for.</summary>
    public AbsolutePath File => file;

    /// <summary>
    /// What a job has of its own, where nobody has logged in to its registry; null where somebody has, or this is no
    /// job.
    /// </summary>
    public async Task<JobCredential?> OfJobAsync(CancellationToken cancellation = default) =>
        job is not null && await KeptAsync(job.Registry, null, cancellation) is null ? job : null;

    /// <summary>The credentials for a repository; null where there are none.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="repository">
    /// The repository: an entry may be for a namespace of a registry alone, and the longest that fits is taken
    /// (containers-auth.json(5)). Without one, those for the registry as a whole.
    /// </param>
    /// <exception cref="ProblemException">The file cannot be understood, or a helper fails.</exception>
    public async Task<RegistryCredential?> FindAsync(string registry, string? repository = null,
        CancellationToken cancellation = default) =>
        await KeptAsync(registry, repository, cancellation) ?? (job?.Registry == registry ? job.Credential : null);

    /// <summary>
    /// Whether there are credentials for namespaces of a registry. Programs that know of no such thing send the first
    /// of them to the whole registry.
    /// </summary>
    /// <exception cref="ProblemException">The file cannot be understood.</exception>
    public bool HaveNamespacesOf(string registry) =>
        Read(registry, x => Entries(x).Any(y => IsNamespaceOf(registry, y.Name)));

    async Task<RegistryCredential?> KeptAsync(string registry, string? repository, CancellationToken cancellation)
    {
        var (own, helper, rest) = Read<(RegistryCredential?, string?, RegistryCredential?)>(registry,
            config => (repository is null ? null : InNamespace(config, registry, repository, file),
                HelperFor(config, registry), InFile(config, registry, file)));
        return own ?? (helper is null ? null : await AskAsync(helper, registry, cancellation)) ?? rest;
    }

    /// <summary>Something of the file; nothing where it is not there.</summary>
    T Read<T>(string registry, Func<JsonElement, T> read)
    {
        if (!System.IO.File.Exists(file)) return OciJson.Parse("{}"u8.ToArray(), read);
        try
        {
            return OciJson.Parse(Encoding.UTF8.GetBytes(Utf8File.Read(file, file)), x =>
                x.ValueKind == JsonValueKind.Object ? read(x) : throw new JsonException("it is no object"));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new ProblemException(
                new Problem($"cannot be understood: {e.Message}", file,
                Remedy: $"Mend it, or run 'docker login {registry}'"), e)
            { IsUnknown = true };
        }
    }

    /// <summary>The program that keeps them: the registry's own, or the one for all.</summary>
    internal static string? HelperFor(JsonElement config, string registry)
    {
        var helpers = OciJson.Map(config, "credHelpers");
        var name = helpers.GetValueOrDefault(KeyOf(registry))
            ?? helpers.GetValueOrDefault(registry)
            ?? OciJson.Text(config, "credsStore");
        if (name is null or "") return null;
        return HelperName().IsMatch(name)
            ? $"docker-credential-{name}"
            : throw new JsonException($"'{name}' cannot be the name of a credential helper");
    }

    /// <summary>The entry under <c>auths</c> for a registry as a whole; keys are hosts or, from older days,
    /// URLs.</summary>
    internal static RegistryCredential? InFile(JsonElement config, string registry, string source)
    {
        var entries = Entries(config).ToList();
        string[] hosts = registry == RegistryReference.DockerHub ? [HostOf(DockerHubKey)!, registry] : [registry];
        // An entry that a helper keeps is empty here.
        return entries.Where(x => x.Name == KeyOf(registry))
            .Concat(hosts.SelectMany(host => entries.Where(x => HostOf(x.Name) == host)))
            .Select(x => Entry(x.Value, source)).FirstOrDefault(x => x is not null);
    }

    /// <summary>The entry for the longest namespace that a repository is in, up to the repository itself.</summary>
    static RegistryCredential? InNamespace(JsonElement config, string registry, string repository, string source) =>
        Entries(config)
            .Where(x => IsNamespaceOf(registry, x.Name)
                && $"{registry}/{repository}/".StartsWith(x.Name.TrimEnd('/') + "/", StringComparison.Ordinal))
            .OrderByDescending(x => x.Name.Length)
            .Select(x => Entry(x.Value, source))
            .FirstOrDefault(x => x is not null);

    static IEnumerable<JsonProperty> Entries(JsonElement config) => config.TryGetProperty("auths", out var auths)
        && auths.ValueKind == JsonValueKind.Object
        ? auths.EnumerateObject().Where(x => x.Value.ValueKind == JsonValueKind.Object) : [];

    /// <summary>Whether a key is about a part of a registry: what stands behind the host of a URL is the version of an
    /// interface.</summary>
    static bool IsNamespaceOf(string registry, string key) => key.StartsWith(registry + "/", StringComparison.Ordinal)
        && HostOf(key) is null;

    static RegistryCredential? Entry(JsonElement entry, string source)
    {
        if (OciJson.Text(entry, "identitytoken") is { Length: > 0 } token)
            return new RegistryCredential("", token, source);
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

        return OciJson.Text(entry, "username") is { Length: > 0 } name
            ? new RegistryCredential(name, OciJson.Text(entry, "password") ?? "", source)
            : null;
    }

    /// <summary>
    /// The protocol of helpers: the server on standard input, JSON on standard output
    /// (github.com/docker/docker-credential-helpers).
    /// </summary>
    async Task<RegistryCredential?> AskAsync(string helper, string registry, CancellationToken cancellation)
    {
        var result = await new Command(helper, "get")
        {
            Input = KeyOf(registry) + "\n",
            Remedy = $"Install it, or take it out of {file}",
        }.RunAsync(cancellation);
        if (!result.Succeeded)
        {
            if (result.Output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase)) return null;
            throw new ProblemException($"{helper}, named by {file}, exited with code {result.ExitCode}: "
                + $"{(result.Error.Length > 0 ? result.Error : result.Output).Trim()}",
                $"Run 'docker login {registry}'");
        }

        try
        {
            using var json = JsonDocument.Parse(result.Output);
            return OciJson.Text(json.RootElement, "Secret") is { Length: > 0 } secret
                ? new RegistryCredential(OciJson.Text(json.RootElement, "Username") ?? "", secret, helper)
                : null;
        }
        catch (JsonException)
        {
            throw new ProblemException($"{helper}, named by {file}, printed no JSON", $"Run 'docker login {registry}'");
        }
    }

    internal static string KeyOf(string registry) => registry == RegistryReference.DockerHub ? DockerHubKey : registry;

    /// <summary>The registry that a key is about as a whole; null of one that is about a namespace.</summary>
    static string? HostOf(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : scheme + "://".Length;
        var end = key.IndexOf('/', start);
        if (end < 0) return key[start..];
        return scheme >= 0 || key[end..] is "/" or "/v1/" or "/v2/" ? key[start..end] : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex HelperName();
}
