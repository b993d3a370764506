using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>
/// An image as one tar stream: an OCI layout, as skopeo, podman and <c>docker load</c> take it, with the file by which
/// engines without the containerd image store know it besides. The same image and names give the same bytes.
/// </summary>
public static class OciArchive
{
    /// <param name="layout">The image.</param>
    /// <param name="names">Names with tags under which an engine will know it.</param>
    /// <param name="output">Gets the tar stream.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task WriteAsync(OciLayout layout, IReadOnlyList<string> names, Stream output,
        CancellationToken cancellation = default)
    {
        var manifests = layout.Manifests().Select(x => layout.ReadManifest(x.Digest)).ToList();
        var time = layout.ReadConfig(manifests[0]).Created;
        await using var tar = new LayoutTar(output, time);
        await tar.AddIndexAsync(Index(layout, names), cancellation);
        if (manifests.Count == 1)
            await tar.AddAsync("manifest.json", DockerList(manifests[0], names), cancellation);
        foreach (var digest in manifests
            .SelectMany(x => x.Layers.Append(x.Config).Select(y => y.Digest).Append(x.Digest))
            .Append(layout.Digest)
            .Distinct()
            .Order(StringComparer.Ordinal))
            await tar.AddAsync(LayoutTar.PathOf(digest), File.OpenRead(layout.Blob(digest)), cancellation);
    }

    /// <summary>The image once per name, with the two annotations by which containerd and Docker name it.</summary>
    static byte[] Index(OciLayout layout, IReadOnlyList<string> names) => OciJson.Write(x =>
    {
        x.WriteStartObject();
        x.WriteNumber("schemaVersion", 2);
        x.WriteString("mediaType", OciMediaTypes.Index);
        x.WriteStartArray("manifests");
        foreach (var name in names)
        {
            x.WriteStartObject();
            layout.Root.WriteMembers(x);
            x.WriteStartObject("annotations");
            x.WriteString("io.containerd.image.name", FullName(name));
            x.WriteString("org.opencontainers.image.ref.name", name[(name.LastIndexOf(':') + 1)..]);
            x.WriteEndObject();
            x.WriteEndObject();
        }

        x.WriteEndArray();
        x.WriteEndObject();
    });

    /// <summary>
    /// <c>manifest.json</c> of <c>docker save</c> (github.com/moby/docker-image-spec, "Combined Image JSON + Filesystem
    /// Changeset Format").
    /// </summary>
    static byte[] DockerList(OciManifest manifest, IReadOnlyList<string> names) =>
        JsonSerializer.SerializeToUtf8Bytes(new object[]
        {
            new Dictionary<string, object>
            {
                ["Config"] = LayoutTar.PathOf(manifest.Config.Digest),
                ["RepoTags"] = names,
                ["Layers"] = manifest.Layers.Select(x => LayoutTar.PathOf(x.Digest)).ToArray(),
            },
        });

    /// <summary>Names without a registry are of Docker Hub.</summary>
    static string FullName(string name) => name.Split('/')[0] is var first && first != name
        && (first.Contains('.') || first.Contains(':') || first == "localhost") ? name
        : name.Contains('/') ? $"docker.io/{name}" : $"docker.io/library/{name}";
}
