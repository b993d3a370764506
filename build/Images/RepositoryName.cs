using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Images;

/// <summary>
/// Name of a repository: registry, namespace, image. Path components after the OCI distribution specification ("Pulling
/// manifests"), the registry after the reference grammar that engines share (github.com/distribution/reference).
/// </summary>
static partial class RepositoryName
{
    /// <summary>The most characters that engines take, registry included.</summary>
    const int Limit = 255;

    /// <summary>
    /// Registry and namespace in lower case: GitHub's owners may have capitals, names of images may not.
    /// </summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static string Namespace(string text)
    {
        var name = text.ToLowerInvariant();
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? name : name[..slash];
        var path = slash < 0 ? null : name[(slash + 1)..];
        // Without a dot, a port or localhost engines take the first component for a namespace of Docker Hub.
        if (!Host().IsMatch(host) || !(host.Contains('.') || host.Contains(':') || host == "localhost"))
            throw Wrong($"'{text}' does not begin with a registry", $"Write docker.io/{name} if that is meant");
        if (path is not null && !Path().IsMatch(path)) throw Wrong($"'{path}' is no namespace of a registry");
        return name;
    }

    /// <summary>The name of an image in a namespace that <see cref="Namespace"/> gave.</summary>
    /// <exception cref="ProblemException">It is too long.</exception>
    public static string Of(string @namespace, string image)
    {
        var name = $"{@namespace}/{image}";
        return name.Length <= Limit && Path().IsMatch(image)
            ? name
            : throw Wrong($"'{name}' cannot be the name of an image");
    }

    static ProblemException Wrong(string found, string? remedy = null) => new(new Problem($"--registry: {found}",
        Expected: "registry/namespace as in ghcr.io/c5c3, of letters, digits and single . _ or - between them, at most "
            + $"{Limit} characters with the image", Remedy: remedy));

    [GeneratedRegex(
        @"^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::[0-9]{1,5})?\z")]
    private static partial Regex Host();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Path();
}
