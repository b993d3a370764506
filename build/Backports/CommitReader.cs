using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>Reads what commits change, all of them by a few processes.</summary>
static class CommitReader
{
    /// <summary>Id, parents, author, date twice, message; NUL is in none of them.</summary>
    const string Format = "--format=%H%x00%P%x00%an%x00%ae%x00%ad%x00%aD%x00%B%x00";

    const int Fields = 7;

    /// <summary>The commits in the order given; of a merge, what it changes is not looked at.</summary>
    /// <exception cref="ProblemException">The files that they change cannot be had.</exception>
    public static async Task<IReadOnlyList<(UpstreamChange Change, bool IsMerge)>> ReadAsync(Mirror mirror,
        IReadOnlyList<string> commits, CancellationToken cancellation)
    {
        await EnsureContentsAsync(mirror, commits, cancellation);
        var git = mirror.Offline;
        var texts = await DiffsAsync(git, commits, cancellation);
        var ids = (await PatchIds.ReadAsync(Joined(texts), cancellation)).DistinctBy(x => x.Commit)
            .ToDictionary(x => x.Commit, x => x.Id, StringComparer.Ordinal);
        using var log = new MemoryStream();
        await (git.Command("log", "--no-walk=unsorted", "--encoding=UTF-8", "--date=raw", Format, "--stdin") with
        {
            Input = Lines(commits),
            OutputReader = (stream, token) => stream.CopyToAsync(log, token),
        }).RequireAsync(cancellation);
        var read = Encoding.UTF8.GetString(log.ToArray()).Split('\0').Chunk(Fields).Where(x => x.Length == Fields)
            .ToDictionary(x => x[0].Trim(), StringComparer.Ordinal);
        return [.. commits.Select(x =>
            (ChangeOf(read[x], texts[x], ids.GetValueOrDefault(x)), read[x][1].Contains(' ')))];
    }

    static UpstreamChange ChangeOf(string[] fields, PatchText text, string? id) => new(
        $"{fields[2]} <{fields[3]}> {fields[4]}",
        $"{fields[6].Trim('\n')}\n",
        text,
        UpstreamChange.HeaderOf(fields[2], fields[3], fields[5], fields[6].Trim('\n')))
    {
        Commit = fields[0].Trim(),
        Parent = fields[1].Split(' ')[0] is { Length: > 0 } parent ? parent : null,
        PatchId = id,
    };

    /// <summary>What each commit changes; nothing of a merge.</summary>
    public static async Task<IReadOnlyDictionary<string, PatchText>> DiffsAsync(Git git, IReadOnlyList<string> commits,
        CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        await (git.Command("diff-tree", "--stdin", "--root", "-r", "-p", "--binary", "--full-index",
            "--no-renames") with
        {
            Input = Lines(commits),
            OutputReader = (stream, token) => stream.CopyToAsync(output, token),
        }).RequireAsync(cancellation);
        var wanted = commits.ToHashSet(StringComparer.Ordinal);
        var texts = wanted.ToDictionary(x => x, _ => new StringBuilder(), StringComparer.Ordinal);
        StringBuilder? text = null;
        // A line of a change never begins with a digit of an id and is as long as one.
        foreach (var line in HunkSearch.Split(Encoding.Latin1.GetString(output.ToArray())))
        {
            if (wanted.Contains(line.TrimEnd('\n'))) text = texts[line.TrimEnd('\n')];
            else text?.Append(line);
        }

        return texts.ToDictionary(x => x.Key, x => PatchText.Parse(x.Value.ToString()), StringComparer.Ordinal);
    }

    static async Task EnsureContentsAsync(Mirror mirror, IReadOnlyList<string> commits, CancellationToken cancellation)
    {
        var names = await TreeEntry.ListAsync(mirror.Offline.Command("diff-tree", "--stdin", "--root", "-r", "-z",
            "--no-commit-id", "--name-only", "--no-renames") with
        { Input = Lines(commits) }, cancellation);
        var paths = names.Where(PatchText.IsUtf8).Select(PatchText.Utf8).Distinct(StringComparer.Ordinal).ToList();
        var trees = commits.SelectMany(x => new[] { $"{x}^{{tree}}", $"{x}^1^{{tree}}" }).Distinct().ToList();
        if (!await MirrorContents.EnsureAsync(mirror, trees, paths, cancellation))
            throw new ProblemException($"{mirror.Component}: the files that the changes are made of cannot be had",
                "Check the network and run the same command again");
    }

    static byte[] Joined(IReadOnlyDictionary<string, PatchText> texts) =>
        Encoding.Latin1.GetBytes(string.Concat(texts.Select(x => $"{x.Key}\n{x.Value.Text}")));

    static string Lines(IEnumerable<string> commits) => string.Concat(commits.Select(x => $"{x}\n"));
}
