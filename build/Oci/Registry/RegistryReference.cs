using System.Net;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// <c>registry/repository[:tag][@digest]</c>, after the grammar that engines share (github.com/distribution/reference),
/// but always with its registry: a name without one means something else on each machine.
/// </summary>
/// <param name="Registry">Host, with a port where it has one: <c>ghcr.io</c>, <c>127.0.0.1:5000</c>.</param>
/// <param name="Repository">Namespace and image: <c>c5c3/keystone</c>.</param>
/// <param name="Tag">The tag, where there is one.</param>
/// <param name="Digest">The digest, where there is one.</param>
public sealed partial record RegistryReference(string Registry, string Repository, string? Tag = null,
    string? Digest = null)
{
    /// <summary>What Docker Hub is called in names, not where it answers.</summary>
    internal const string DockerHub = "docker.io";

    /// <summary>GitHub's registry.</summary>
    public const string GitHub = "ghcr.io";

    /// <summary>Registry and repository: the name without tag and digest.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>
    /// What a registry is asked for (distribution specification, reference): the digest where there is one, and
    /// <c>latest</c> where there is nothing, as with engines.
    /// </summary>
    public string DigestOrTag => Digest ?? Tag ?? "latest";

    /// <exception cref="ProblemException">It is none, or lacks its registry.</exception>
    public static RegistryReference Parse(string text) => TryParse(text) ?? throw Wrong(text);

    /// <summary>Null where it is none, or lacks its registry.</summary>
    public static RegistryReference? TryParse(string text)
    {
        if (Reference().Match(text) is not { Success: true } match) return null;
        var (registry, repository) = (match.Groups["registry"].Value, match.Groups["repository"].Value);
        // Without a dot, a port or localhost engines take the first component for a namespace of Docker Hub.
        if (!(registry.Contains('.') || registry.Contains(':') || registry == "localhost")) return null;
        if (!Uri.TryCreate($"https://{registry}/", UriKind.Absolute, out _)) return null;
        if (registry == DockerHub && !repository.Contains('/')) repository = "library/" + repository;
        return new RegistryReference(registry, repository,
            match.Groups["tag"] is { Success: true } tag ? tag.Value : null,
            match.Groups["digest"] is { Success: true } digest ? digest.Value : null);
    }

    /// <summary>As Dockerfiles name images: without a registry it is Docker Hub's.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static RegistryReference ParseFamiliar(string text) => Parse(WithRegistry(text));

    /// <summary>As Dockerfiles name images; null where it is none, such as a name with a variable in it.</summary>
    public static RegistryReference? TryParseFamiliar(string text) => TryParse(WithRegistry(text));

    static string WithRegistry(string text)
    {
        var first = text.Split('/')[0];
        var hasRegistry = text.Contains('/') && (first.Contains('.') || first.Contains(':') || first == "localhost");
        return hasRegistry ? text : $"{DockerHub}/{text}";
    }

    /// <summary>
    /// Where a registry answers: plain HTTP on the loopback address, as engines have it, HTTPS anywhere else.
    /// </summary>
    internal static Uri AddressOf(string registry)
    {
        var host = registry == DockerHub ? "registry-1.docker.io" : registry;
        var address = new Uri($"https://{host}/");
        return IsLoopback(address) ? new Uri($"http://{host}/") : address;
    }

    internal static bool IsLoopback(Uri address) =>
        address.Host == "localhost"
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>The reference as text.</summary>
    public override string ToString() => Name + (Tag is null ? "" : $":{Tag}") + (Digest is null ? "" : $"@{Digest}");

    static ProblemException Wrong(string text) => new(new Problem($"'{text}' is no reference of an image in a registry",
        Expected: "registry/repository[:tag][@sha256:…], as in ghcr.io/c5c3/keystone:2025.1"));

    [GeneratedRegex("""
        ^(?<registry>(?:\[[0-9a-f:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::[0-9]{1,5})?)
        /(?<repository>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)
        (?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?
        (?:@(?<digest>sha256:[0-9a-f]{64}))?\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Reference();
}
