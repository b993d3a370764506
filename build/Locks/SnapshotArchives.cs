using System.Globalization;

namespace OpenStack.Locks;

/// <summary>Archives that keep what package archives had (<c>data/snapshots.txt</c>).</summary>
static class SnapshotArchives
{
    const string Resource = "Locks.data.snapshots.txt";

    /// <summary>
    /// A Release file is older than the moment at which mirrors and snapshots have it; packages stay for longer than
    /// this after another version takes their place.
    /// </summary>
    static readonly TimeSpan s_later = TimeSpan.FromHours(12);

    static readonly Lazy<IReadOnlyDictionary<string, string>> s_places = new(Read);

    /// <summary>Where an archive is kept as it was; null where nobody is known to keep it.</summary>
    /// <param name="archive">Its url, with a slash at its end.</param>
    /// <param name="released">The date of the suite's Release file.</param>
    public static string? Of(string archive, DateTimeOffset released)
    {
        var place = archive[(archive.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var time = (released + s_later).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        // A host of the domain; one that only ends alike is somebody else's.
        return s_places.Value.FirstOrDefault(x => $".{place}".EndsWith($".{x.Key}", StringComparison.Ordinal)).Value
            ?.Replace("TIME", time, StringComparison.Ordinal);
    }

    static Dictionary<string, string> Read()
    {
        using var reader = new StreamReader(typeof(SnapshotArchives).Assembly.GetManifestResourceStream(Resource)!);
        return reader.ReadToEnd()
            .Split('\n')
            .Where(x => x.Length > 0 && x[0] != '#')
            .Select(x => x.Split(' '))
            .ToDictionary(x => x[0], x => x[1]);
    }
}
