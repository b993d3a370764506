namespace OpenStack.Oci;

/// <summary>
/// Media types of the OCI image specification 1.1 (media-types.md), and those of Docker that registries serve beside
/// them.
/// </summary>
static class OciMediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string GzipLayer = Layer + "+gzip";
    public const string ZstdLayer = Layer + "+zstd";

    /// <summary>Content of a configuration that says nothing: <c>{}</c>.</summary>
    public const string Empty = "application/vnd.oci.empty.v1+json";

    /// <summary>Of release candidates of the specification 1.1; registries that took it have kept it.</summary>
    public const string ArtifactManifest = "application/vnd.oci.artifact.manifest.v1+json";

    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    public static bool IsIndex(string type) => type is Index or DockerManifestList;

    /// <summary>Of a manifest with a configuration and layers.</summary>
    public static bool IsManifest(string type) => type is Manifest or DockerManifest;

    /// <summary>Whatever a registry keeps as a manifest and not as a blob, those that nobody writes any more
    /// included.</summary>
    public static bool IsKeptAsManifest(string type) =>
        IsIndex(type) || IsManifest(type) || type is ArtifactManifest
            || type.StartsWith("application/vnd.docker.distribution.manifest.", StringComparison.Ordinal);

    /// <summary>Of the configuration of an image.</summary>
    public static bool IsConfig(string type) => type is Config or DockerConfig;

    /// <summary>Of the layer of an image, however it is packed.</summary>
    public static bool IsLayer(string type) =>
        type.StartsWith("application/vnd.oci.image.layer.", StringComparison.Ordinal)
        || type.StartsWith("application/vnd.docker.image.rootfs.", StringComparison.Ordinal);

    /// <summary>The same layer in a manifest of the specification: Docker had names of its own.</summary>
    public static string OciLayer(string type) => type switch
    {
        DockerLayer => Layer,
        DockerLayer + ".gzip" => GzipLayer,
        DockerLayer + ".zstd" => ZstdLayer,
        _ => type,
    };
}
