namespace OpenStack.Images;

/// <summary>
/// The pre-defined annotation keys of the OCI image specification, as labels and as manifest annotations. Every value
/// is what was really used, never looked up a second time.
/// </summary>
public static class ImageLabels
{
    internal const string Prefix = "org.opencontainers.image.";

    /// <param name="title">Name of the image.</param>
    /// <param name="created">The source date epoch.</param>
    /// <param name="baseName">Reference of the image it is built on.</param>
    /// <param name="baseDigest">Digest of the image it is built on, where it was known before the build.</param>
    /// <param name="version">Version of the packaged software.</param>
    /// <param name="revision">Commit of the packaged software.</param>
    /// <param name="source">Where that commit is to be found.</param>
    public static IReadOnlyDictionary<string, string> Of(
        string title,
        DateTimeOffset created,
        string baseName,
        string? baseDigest = null,
        string? version = null,
        string? revision = null,
        string? source = null)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Prefix + "base.name"] = baseName,
            [Prefix + "created"] = created.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ"),
            [Prefix + "title"] = title,
        };
        if (baseDigest is not null) labels[Prefix + "base.digest"] = baseDigest;
        if (version is not null) labels[Prefix + "version"] = version;
        if (revision is not null) labels[Prefix + "revision"] = revision;
        if (source is not null) labels[Prefix + "source"] = source;
        return labels;
    }
}
