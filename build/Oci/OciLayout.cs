using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// An image as a directory after the OCI image layout specification 1.0: <c>oci-layout</c>, <c>index.json</c> and
/// <c>blobs/sha256/…</c>. The digest of the image is that of the one manifest (or index) that <c>index.json</c> points to.
/// </summary>
public sealed class OciLayout
{
    OciLayout(AbsolutePath directory, string digest, string? name) => (Directory, Digest, Name) = (directory, digest, name);

    public AbsolutePath Directory { get; }

    /// <summary>Digest of the image: what a registry will know it by.</summary>
    public string Digest { get; }

    /// <summary>The image's name after its annotation <c>org.opencontainers.image.ref.name</c>; null without one.</summary>
    public string? Name { get; }

    /// <summary>As BuildKit takes it for a named context.</summary>
    public string Context => $"oci-layout://{Directory}@{Digest}";

    /// <summary>Opens a layout that holds exactly one image.</summary>
    /// <exception cref="ProblemException">It is not a layout, or holds none or several images.</exception>
    public static OciLayout Open(AbsolutePath directory)
    {
        AbsolutePath index = $"{directory}/index.json";
        if (!File.Exists(index)) throw new ProblemException($"{directory} is no OCI layout: there is no index.json in it");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            var manifests = json.RootElement.GetProperty("manifests");
            return manifests.GetArrayLength() == 1
                ? new OciLayout(directory, manifests[0].GetProperty("digest").GetString()!,
                    OciManifest.ReadMap(manifests[0], "annotations").GetValueOrDefault("org.opencontainers.image.ref.name"))
                : throw new ProblemException($"{index} lists {manifests.GetArrayLength()} images; expected one");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ProblemException($"{index} is no OCI index: {e.Message}", inner: e);
        }
    }

    /// <summary>The file of a blob.</summary>
    public AbsolutePath Blob(string digest) => $"{Directory}/blobs/{digest.Replace(':', '/')}";

    /// <summary>The image manifest (of the first platform, where the image is an index).</summary>
    public OciManifest ReadManifest()
    {
        var digest = Digest;
        while (true)
        {
            using var json = Parse(digest);
            if (!json.RootElement.TryGetProperty("manifests", out var manifests)) return OciManifest.Read(digest, json.RootElement);
            digest = manifests[0].GetProperty("digest").GetString()!;
        }
    }

    /// <summary>The image's configuration: user, environment, labels, creation time.</summary>
    public OciConfig ReadConfig()
    {
        using var json = Parse(ReadManifest().Config);
        return OciConfig.Read(json.RootElement);
    }

    /// <summary>Fails unless every blob that the image needs is there and is what its digest says.</summary>
    public void Verify()
    {
        var manifest = ReadManifest();
        foreach (var digest in manifest.Layers.Append(manifest.Config).Append(manifest.Digest))
        {
            var file = Blob(digest);
            var found = File.Exists(file) ? Storage.Digest.OfFile(file) : "nothing";
            if (found != digest) throw new ProblemException($"{file} should be {digest} and is {found}", "Build the image again with --no-cache");
        }
    }

    JsonDocument Parse(string digest)
    {
        var file = Blob(digest);
        return File.Exists(file)
            ? JsonDocument.Parse(File.ReadAllBytes(file))
            : throw new ProblemException($"{Directory} lacks the blob {digest}", "Build the image again with --no-cache");
    }
}
