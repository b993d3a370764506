namespace OpenStack.Catalog;

/// <summary>
/// How far a series is in its life, in the order of life (openstack/releases, <c>data/series_status.yaml</c>).
/// </summary>
public enum SeriesStatus
{
    Future,
    Development,
    Maintained,

    /// <summary>Patches are taken, and nothing is released: the branch is <c>unmaintained/…</c>.</summary>
    Unmaintained,

    /// <summary>There is no branch any more, but a tag where it ended.</summary>
    EndOfLife,
}

/// <summary>The words that openstack/releases has for them.</summary>
public static class SeriesStatuses
{
    /// <summary>All of them, in the order of life.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<SeriesStatus>().Select(WordOf)];

    public static string WordOf(SeriesStatus status) =>
        status == SeriesStatus.EndOfLife ? "end of life" : status.ToString().ToLowerInvariant();

    /// <summary>The status that a word means; null where it means none.</summary>
    public static SeriesStatus? Parse(string? word) =>
        word is not null && Words.Contains(word) ? (SeriesStatus)Words.ToList().IndexOf(word) : null;
}
