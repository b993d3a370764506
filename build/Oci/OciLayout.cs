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
    OciLayout(AbsolutePath directory, OciDescriptor root, string? name) => (Directory, Root, Name) = (directory, root, name);

    public AbsolutePath Directory { get; }

    /// <summary>The image: a manifest, or the index of several platforms' manifests.</summary>
    public OciDescriptor Root { get; }

    /// <summary>Digest of the image: what a registry will know it by.</summary>
    public string Digest => Root.Digest;

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
            var manifests = OciJson.Require(json.RootElement, "manifests", JsonValueKind.Array);
            return manifests.GetArrayLength() == 1
                ? new OciLayout(directory, OciDescriptor.Read(manifests[0]), OciJson.Map(manifests[0], "annotations").GetValueOrDefault("org.opencontainers.image.ref.name"))
                : throw new ProblemException($"{index} lists {manifests.GetArrayLength()} images; expected one");
        }
        catch (JsonException e)
        {
            throw new ProblemException($"{index} is no OCI index: {e.Message}", inner: e);
        }
    }

    /// <summary>The image of one of its platforms alone.</summary>
    /// <exception cref="ProblemException">It has no such platform.</exception>
    public OciLayout Of(string platform) => Manifests().FirstOrDefault(x => x.Platform == platform) is { } manifest
        ? new OciLayout(Directory, manifest, Name)
        : throw new ProblemException($"{Directory} has no image of {platform}; it has {string.Join(", ", Manifests().Select(x => x.Platform))}", "Choose others with --platform");

    /// <summary>The file of a blob.</summary>
    public AbsolutePath Blob(string digest) => $"{Directory}/blobs/{digest.Replace(':', '/')}";

    /// <summary>The image manifests, one per platform, each with its platform.</summary>
    /// <exception cref="ProblemException">A blob is missing, or not what it should be.</exception>
    public IReadOnlyList<OciDescriptor> Manifests() => OciMediaTypes.IsIndex(Root.MediaType)
        ? Parse(Digest, OciIndex.Read)
        : [Root with { Platform = Root.Platform ?? ReadConfig().Platform }];

    /// <summary>The image manifest of the first platform.</summary>
    public OciManifest ReadManifest() => ReadManifest(OciMediaTypes.IsIndex(Root.MediaType) ? Manifests()[0].Digest : Digest);

    /// <summary>One of the image manifests.</summary>
    /// <exception cref="ProblemException">It is missing, or none.</exception>
    public OciManifest ReadManifest(string digest) => Parse(digest, x => OciManifest.Read(digest, x));

    /// <summary>The image's configuration, of the first platform: user, environment, labels, creation time.</summary>
    public OciConfig ReadConfig() => ReadConfig(ReadManifest());

    /// <summary>The configuration of one platform.</summary>
    public OciConfig ReadConfig(OciManifest manifest) => Parse(manifest.Config.Digest, OciConfig.Read);

    /// <summary>Fails unless every blob that the image needs is there and is what its digest says.</summary>
    public void Verify()
    {
        foreach (var digest in Manifests().Select(x => ReadManifest(x.Digest)).SelectMany(x => x.Layers.Append(x.Config).Select(y => y.Digest).Append(x.Digest)).Append(Digest).Distinct())
        {
            var file = Blob(digest);
            var found = File.Exists(file) ? Storage.Digest.OfFile(file) : "nothing";
            if (found != digest) throw new ProblemException($"{file} should be {digest} and is {found}", "Build the image again with --no-cache");
        }
    }

    T Parse<T>(string digest, Func<JsonElement, T> read)
    {
        var file = Blob(digest);
        if (!File.Exists(file)) throw new ProblemException($"{Directory} lacks the blob {digest}", "Build the image again with --no-cache");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException($"{file} is not what it should be: {e.Message}", "Build the image again with --no-cache", e);
        }
    }
}
