using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>
/// Brings in what a mail was made from, as its lines <c>index …</c> name it: a mirror leaves contents with its
/// remote, and without them git could not merge three-way.
/// </summary>
static class MailOrigin
{
    /// <summary>So many of the newest commits to the files of a mail are looked at.</summary>
    const int MostCommits = 500;

    /// <summary>Does nothing where no branch has had such contents.</summary>
    public static async Task FetchAsync(Mirror mirror, PatchText patch, CancellationToken cancellation)
    {
        var wanted = patch.Files.Where(x => x is { OldName: not null, OldBlob: not null }).DistinctBy(x => x.OldName)
            .ToDictionary(x => x.OldName!, x => x.OldBlob!, StringComparer.Ordinal);
        if (wanted.Count == 0) return;
        var log = await mirror.Offline.Command(["--literal-pathspecs", "log", "--branches", "--no-merges", "--raw",
            "--no-abbrev", "--no-renames", "--root", "--format=%H", "-n", $"{MostCommits}", "--", .. wanted.Keys])
            .RunAsync(cancellation);
        var trees = new HashSet<string>(StringComparer.Ordinal);
        var commit = "";
        foreach (var line in log.Lines)
        {
            // ':', modes, ids, a letter, and the path behind a tab; or the id of a commit.
            if (line[0] != ':') commit = line;
            else if (line.Split('\t', 2) is [var fields, var path] && wanted.TryGetValue(path, out var blob)
                && fields.Split(' ') is [_, _, var before, var after, ..])
            {
                if (after.StartsWith(blob, StringComparison.Ordinal)) trees.Add($"{commit}^{{tree}}");
                else if (before.StartsWith(blob, StringComparison.Ordinal)) trees.Add($"{commit}^1^{{tree}}");
            }
        }

        _ = await MirrorContents.EnsureAsync(mirror, [.. trees], [.. wanted.Keys], cancellation);
    }
}
