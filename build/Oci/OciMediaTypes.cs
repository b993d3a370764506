namespace OpenStack.Oci;

/// <summary>Media types of the OCI image specification 1.1 (media-types.md), and those of Docker that registries serve beside them.</summary>
static class OciMediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string GzipLayer = Layer + "+gzip";

    /// <summary>Content of a configuration that says nothing: <c>{}</c>.</summary>
    public const string Empty = "application/vnd.oci.empty.v1+json";

    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    public static bool IsIndex(string type) => type is Index or DockerManifestList;
}
