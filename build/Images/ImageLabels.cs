using OpenStack.Catalog;

namespace OpenStack.Images;

/// <summary>
/// The pre-defined annotation keys of the OCI image specification, and what OpenStack's images have besides, as labels
/// and as manifest annotations. Every value is what was really used, never looked up a second time.
/// </summary>
public static class ImageLabels
{
    internal const string Prefix = "org.opencontainers.image.";

    /// <summary>How far the release was in its life when the image was built, by what was recorded of it.</summary>
    public const string ReleaseStatus = "org.openstack.release.status";

    /// <summary>What comes next in that life, and from which day on.</summary>
    public const string NextStatus = "org.openstack.release.next-status";

    /// <param name="title">Name of the image.</param>
    /// <param name="created">The source date epoch.</param>
    /// <param name="baseName">Reference of the image it is built on.</param>
    /// <param name="baseDigest">Digest of the image it is built on, where it was known before the build.</param>
    /// <param name="version">Version of the packaged software.</param>
    /// <param name="revision">Commit of the packaged software.</param>
    /// <param name="source">Where that commit is to be found.</param>
    /// <param name="series">The release's; what it says, and no clock, is what the labels have.</param>
    public static IReadOnlyDictionary<string, string> Of(
        string title,
        DateTimeOffset created,
        string baseName,
        string? baseDigest = null,
        string? version = null,
        string? revision = null,
        string? source = null,
        Series? series = null)
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
        foreach (var (label, value) in OfSeries(series)) labels[label] = value;
        return labels;
    }

    /// <summary>What is said of a release's life: nothing where nothing is recorded.</summary>
    public static IReadOnlyDictionary<string, string> OfSeries(Series? series)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (series is null) return labels;
        labels[ReleaseStatus] = SeriesStatuses.WordOf(series.Status);
        if (series is { NextStatus: { } next, NextDate: { } date })
            labels[NextStatus] = $"{SeriesStatuses.WordOf(next)} from {date:yyyy-MM-dd} on";
        return labels;
    }
}
