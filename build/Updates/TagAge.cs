using System.Globalization;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>When a tag was made: by whoever tagged, or, of a tag without a tagger, by whoever committed.</summary>
public static class TagAge
{
    /// <summary>Null where the mirror has no such tag.</summary>
    public static async Task<DateTimeOffset?> OfAsync(Mirror mirror, string tag, CancellationToken cancellation = default)
    {
        var found = await mirror.Offline.Command("for-each-ref", "--format=%(creatordate:unix)", $"refs/tags/{tag}").RunAsync(cancellation);
        return long.TryParse(found.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    /// <summary>When a commit was made.</summary>
    public static async Task<DateTimeOffset> OfCommitAsync(Mirror mirror, string commit, CancellationToken cancellation = default) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse((await mirror.Offline.Command("log", "-1", "--format=%ct", commit).RequireAsync(cancellation)).Text, CultureInfo.InvariantCulture));

    /// <summary>The newest of some tags that is old enough; null where none is.</summary>
    /// <param name="tags">Lowest first.</param>
    /// <param name="before">No tag that is younger; null where age does not count.</param>
    public static async Task<string?> NewestAsync(Mirror mirror, IReadOnlyList<string> tags, DateTimeOffset? before, CancellationToken cancellation = default)
    {
        foreach (var tag in tags.Reverse())
        {
            if (before is null || await OfAsync(mirror, tag, cancellation) <= before) return tag;
        }

        return null;
    }
}
