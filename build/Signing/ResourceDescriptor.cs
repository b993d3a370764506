using System.Text.Json;
using System.Text.Json.Nodes;
using OpenStack.Images;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>Something that an image was made of (in-toto attestation framework, resource_descriptor.md).</summary>
/// <param name="Name">Its part in the build.</param>
/// <param name="Algorithm"><c>sha256</c> or <c>gitCommit</c>.</param>
/// <param name="Digest">Hexadecimal digits, without the algorithm.</param>
public sealed record ResourceDescriptor(string Name, string Algorithm, string Digest)
{
    /// <summary>The algorithm of everything that is no commit.</summary>
    const string Sha256 = "sha256";

    /// <summary>Where it is to be found; null where nobody else would find it.</summary>
    public string? Uri { get; init; }

    /// <summary>Its bytes, where they come with it: nobody has to look for them.</summary>
    public byte[]? Content { get; init; }

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
    public static ResourceDescriptor OfFile(string name, string digest) => new(name, Sha256, Hex(digest));

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
        if (Content is not null) json["content"] = Convert.ToBase64String(Content);
        if (Annotation is var (name, value)) json["annotations"] = new JsonObject { [name] = value.DeepClone() };
        return json;
    }

    /// <exception cref="JsonException">It is none, or its content is not what its digest says.</exception>
    internal static ResourceDescriptor Read(JsonElement json)
    {
        var name = OciJson.Require(json, "name", JsonValueKind.String).GetString()!;
        var (algorithm, digest) = OciJson.Map(json, "digest").FirstOrDefault();
        if (algorithm is null) throw new JsonException($"{name} has no digest");
        var content = OciJson.Text(json, "content") is { } text ? ContentOf(name, text) : null;
        if (content is not null && (algorithm != Sha256 || Hex(Storage.Digest.OfBytes(content)) != digest))
            throw new JsonException($"the content of {name} is not what its digest says");
        return new ResourceDescriptor(name, algorithm, digest)
        {
            Uri = OciJson.Text(json, "uri"),
            Content = content,
            Annotation = json.TryGetProperty("annotations", out var notes) && notes.ValueKind == JsonValueKind.Object
                && notes.EnumerateObject().ToList() is [var note, ..]
                    ? (note.Name, JsonNode.Parse(note.Value.GetRawText())!)
                    : null,
        };
    }

    static byte[] ContentOf(string name, string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new JsonException($"the content of {name} is no base64", e);
        }
    }

    static string Hex(string digest) => digest[(digest.IndexOf(':') + 1)..];
}
