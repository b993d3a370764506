using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Updates;

/// <summary>The only time that git knows of a tag.</summary>
/// <param name="At">When that was.</param>
/// <param name="IsOfTag">Whether it is when the tag was made, as whoever tagged says; otherwise it is that of the
/// commit, and the tag may be of today.</param>
public sealed record TagDate(DateTimeOffset At, bool IsOfTag)
{
    /// <summary><c>tagged on 2026-04-13</c>, <c>commit of 2021-04-13</c>.</summary>
    public override string ToString() =>
        $"{(IsOfTag ? "tagged on" : "commit of")} {At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
}

/// <summary>The newest tag that has been there long enough.</summary>
/// <param name="Tag">Null where none has.</param>
/// <param name="Waiting">Why a newer one has to wait; empty where none does.</param>
public sealed record OldEnoughTag(string? Tag, string Waiting);

/// <summary>
/// How long a tag has been there. An annotated tag says when it was made; a lightweight one is but a name for a commit,
/// and how long it has been there is only known from when it was first seen (git-tag: a lightweight tag has no tagger
/// and no date).
/// </summary>
public static class TagAge
{
    /// <summary>Beside the refs of a mirror: since when tags without a date have been seen there, one per line:
    /// seconds, object, name.</summary>
    const string SeenFile = "tags-first-seen";

    /// <summary>Null where the mirror has no such tag.</summary>
    public static async Task<TagDate?> OfAsync(Mirror mirror, string tag, CancellationToken cancellation = default) =>
        await ReadAsync(mirror, tag, cancellation) is { } found ? found.Date : null;

    /// <summary>When a commit was made.</summary>
    public static async Task<DateTimeOffset> OfCommitAsync(Mirror mirror, string commit,
        CancellationToken cancellation = default) =>
        Time((await mirror.Offline.Command("log", "-1", "--format=%ct", commit).RequireAsync(cancellation)).Text);

    /// <summary>The newest of some tags that is old enough.</summary>
    /// <param name="tags">Lowest first.</param>
    /// <param name="before">No tag that is younger; null where age does not count.</param>
    /// <param name="now">When a tag is seen that was not seen before.</param>
    public static async Task<OldEnoughTag> NewestAsync(
        Mirror mirror, IReadOnlyList<string> tags, DateTimeOffset? before, DateTimeOffset now,
            CancellationToken cancellation = default)
    {
        if (before is not { } latest) return new OldEnoughTag(tags.Count > 0 ? tags[^1] : null, "");
        var waiting = "";
        var seen = Seen(mirror);
        var wasSeen = seen.Count;
        string? newest = null;
        foreach (var tag in tags.Reverse())
        {
            if (await ReadAsync(mirror, tag, cancellation) is not var (id, date)) continue;
            var since = date.IsOfTag ? date.At : seen.TryGetValue((id, tag), out var first) ? first
                : seen[(id, tag)] = now;
            if (newest is null && since <= latest) newest = tag;
            if (newest is null && waiting.Length == 0)
                waiting = date.IsOfTag ? $"{tag} was {date}" : $"{tag} has no date of its own ({date}), and was "
                    + $"first seen here on {since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        }

        if (seen.Count > wasSeen)
            AtomicFile.WriteText(FileOf(mirror),
                string.Concat(seen.Select(x => $"{x.Value.ToUnixTimeSeconds()} {x.Key.Id} {x.Key.Tag}\n")));
        return new OldEnoughTag(newest, waiting);
    }

    static async Task<(string Id, TagDate Date)?> ReadAsync(Mirror mirror, string tag, CancellationToken cancellation)
    {
        // The time of a tag without a tagger is that of its commit: %(creatordate) does not tell which of the two it
        // is.
        var found = await mirror.Offline.Command("for-each-ref", "--format=%(objectname) %(taggerdate:unix) "
            + "%(creatordate:unix)", $"refs/tags/{tag}").RequireAsync(cancellation);
        if (found.Lines is not [var line]) return null;
        return line.Split(' ') is not [var id, var tagged, var created] ? null
            : tagged.Length > 0 ? (id, new TagDate(Time(tagged), true))
            : (id, new TagDate(created.Length > 0 ? Time(created)
                : await OfCommitAsync(mirror, $"refs/tags/{tag}^{{commit}}", cancellation), false));
    }

    /// <summary>A line that is not understood is as good as none: what it was about is seen again.</summary>
    static Dictionary<(string Id, string Tag), DateTimeOffset> Seen(Mirror mirror)
    {
        var seen = new Dictionary<(string, string), DateTimeOffset>();
        foreach (var line in File.Exists(FileOf(mirror)) ? File.ReadAllLines(FileOf(mirror)) : [])
            if (line.Split(' ', 3) is [var seconds, var id, var tag]
                && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
                seen.TryAdd((id, tag), DateTimeOffset.FromUnixTimeSeconds(at));
        return seen;
    }

    static AbsolutePath FileOf(Mirror mirror) => mirror.Directory / SeenFile;

    static DateTimeOffset Time(string seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
}
