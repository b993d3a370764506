using System.Text.Json.Nodes;
using OpenStack.Images;

namespace OpenStack.Signing;

/// <summary>Something that an image was made of (in-toto attestation framework, resource_descriptor.md).</summary>
/// <param name="Name">Its part in the build.</param>
/// <param name="Algorithm"><c>sha256</c> or <c>gitCommit</c>.</param>
/// <param name="Digest">Hexadecimal digits, without the algorithm.</param>
public sealed record ResourceDescriptor(string Name, string Algorithm, string Digest)
{
    /// <summary>Where it is to be found; null where nobody else would find it.</summary>
    public string? Uri { get; init; }

    /// <summary>A remark on it.</summary>
    public (string Name, JsonNode Value)? Annotation { get; init; }

    /// <param name="remote">Url of the repository.</param>
    /// <param name="ref">What the commit was found by, perhaps.</param>
    public static ResourceDescriptor OfCommit(string name, string? remote, string? @ref, string commit) =>
        new(name, "gitCommit", commit)
        {
            Uri = remote is null ? null : $"git+{remote}{(@ref is null ? "" : $"@{@ref}")}",
        };

    /// <param name="digest">Of the file, <c>sha256:…</c>.</param>
    public static ResourceDescriptor OfFile(string name, string digest) => new(name, "sha256", Hex(digest));

    /// <summary>An image in a registry; purl-spec, type oci.</summary>
    /// <param name="reference">What it is called: with or without tag.</param>
    /// <param name="digest">Of its manifest or index.</param>
    public static ResourceDescriptor OfImage(string name, string reference, string digest)
    {
        var repository = Qualify(ImageReference.Repository(reference));
        return OfFile(name, digest) with
        {
            Uri = $"pkg:oci/{repository[(repository.LastIndexOf('/') + 1)..]}@"
                + $"{System.Uri.EscapeDataString(digest)}?repository_url={repository}",
        };
    }

    /// <summary>
    /// Names without a registry are Docker Hub's (github.com/distribution/reference, "familiar names").
    /// </summary>
    static string Qualify(string repository)
    {
        var host = repository.Split('/')[0];
        if (host != repository && (host.Contains('.') || host.Contains(':') || host == "localhost")) return repository;
        return $"docker.io/{(host == repository ? "library/" : "")}{repository}";
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name };
        if (Uri is not null) json["uri"] = Uri;
        json["digest"] = new JsonObject { [Algorithm] = Digest };
        if (Annotation is var (name, value)) json["annotations"] = new JsonObject { [name] = value.DeepClone() };
        return json;
    }

    static string Hex(string digest) => digest[(digest.IndexOf(':') + 1)..];
}
