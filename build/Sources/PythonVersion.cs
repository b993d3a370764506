using LibGit2Sharp;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>
/// The version that PBR gives to the tree of a commit (pbr/packaging.py, _get_version_from_git), from the commit graph
/// alone: the last tag, and after it one <c>.devN</c> per commit on the way back to it in the order of <c>git log</c>.
/// </summary>
public static class PythonVersion
{
    const string Footer = "sem-ver:";

    /// <param name="repository">With the commit's history and all tags.</param>
    /// <param name="preVersion">
    /// <c>version</c> in <c>[metadata]</c> of setup.cfg, which PBR takes as the version to come.
    /// </param>
    /// <exception cref="ProblemException">
    /// The history is cut off before a tag, or needs a newer version than the preversion.
    /// </exception>
    public static string Of(IRepository repository, Commit commit, string? preVersion = null)
    {
        var (tag, last, distance) = LastTag(repository, commit);
        // What is tagged has its tag's version, even where PBR alone would refuse to build it.
        if (distance == 0) return last.ToString();
        var next = Next(repository, commit, tag, last);
        var target = preVersion is null ? null : SemanticVersion.TryParse(preVersion)
            ?? throw new ProblemException(new Problem($"'{preVersion}' is no version that PBR understands",
                "setup.cfg"));
        if (target is not null && next > target)
        {
            throw new ProblemException(new Problem(
                $"The history since '{tag}' requires version {next}, but the version to come is {target}",
                "setup.cfg"));
        }

        // The later of the two: while the version to come has pre-releases, the next of those is.
        var development = next with { DevCount = distance };
        return (target is not null && target with { DevCount = distance } is var wanted && wanted > development
            ? wanted : development).ToString();
    }

    /// <summary>
    /// The tag that <see cref="Of"/> counts from: the newest of the branch, and of the commit's tags the highest. Null
    /// without any.
    /// </summary>
    public static string? LastTagOf(IRepository repository, Commit commit) =>
        LastTag(repository, commit).Tag is { Length: > 0 } tag && repository.Tags[tag] is not null ? tag : null;

    /// <summary>
    /// The highest version that tags the first tagged commit, and how many commits come before that one. Without any
    /// tag: 0.0.0 and the number of commits but one, as PBR counts.
    /// </summary>
    static (string Tag, SemanticVersion Version, int Distance) LastTag(IRepository repository, Commit commit)
    {
        var tags = VersionTags(repository);
        var count = 0;
        foreach (var x in Log(commit))
        {
            if (tags.TryGetValue(x.Sha, out var versions))
            {
                var (name, version) = versions.MaxBy(y => y.Version);
                return (name, version, count);
            }

            count++;
        }

        if (repository.Info.IsShallow)
        {
            throw new ProblemException(
                "The history is cut off before the last tag, so the version is unknown",
                "Fetch the whole history and all tags");
        }

        return ("", new SemanticVersion(0), count - 1);
    }

    static Dictionary<string, List<(string Name, SemanticVersion Version)>> VersionTags(IRepository repository)
    {
        var tags = new Dictionary<string, List<(string, SemanticVersion)>>(StringComparer.Ordinal);
        foreach (var tag in repository.Tags)
        {
            var name = tag.FriendlyName.Replace('-', '.');
            if (SemanticVersion.TryParse(name) is not { } version) continue;
            var target = tag.PeeledTarget.Sha;
            if (!tags.TryGetValue(target, out var versions)) tags[target] = versions = [];
            versions.Add((name, version));
        }

        return tags;
    }

    /// <summary>
    /// The order of <c>git log</c>: newest committer date first, among equals the one that was met first.
    /// </summary>
    static IEnumerable<Commit> Log(Commit start)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { start.Sha };
        var queue = new PriorityQueue<Commit, (long, int)>();
        queue.Enqueue(start, default);
        while (queue.TryDequeue(out var commit, out _))
        {
            yield return commit;
            foreach (var parent in commit.Parents.Where(x => seen.Add(x.Sha)))
            {
                queue.Enqueue(parent, (-parent.Committer.When.ToUnixTimeSeconds(), seen.Count));
            }
        }
    }

    /// <summary>The version that must follow, by the <c>Sem-Ver:</c> footers of the commits since the tag.</summary>
    static SemanticVersion Next(IRepository repository, Commit commit, string tag, SemanticVersion last)
    {
        var since = tag.Length == 0 ? null : repository.Tags[tag];
        // PBR asks git for the commits since the name it made of the tag; of 1.0.0-rc1 it made a name that git does not
        // know.
        if (tag.Length > 0 && since is null) return last.Increment();
        var filter = new CommitFilter { IncludeReachableFrom = commit, ExcludeReachableFrom = since?.PeeledTarget };
        // The footer's name knows no case, what it says does; PBR cuts as many letters as the name has off a line that
        // is indented, too, so that the first thing it says does not count.
        var symbols = repository.Commits.QueryBy(filter)
            .SelectMany(x => x.Message.Split('\n'))
            .Where(x => x.TrimStart().StartsWith(Footer, StringComparison.OrdinalIgnoreCase))
            .SelectMany(x => x[Footer.Length..].Split(',', StringSplitOptions.TrimEntries))
            .ToHashSet(StringComparer.Ordinal);
        return last.Increment(
            minor: symbols.Contains("feature") || symbols.Contains("deprecation"),
            major: symbols.Contains("api-break"));
    }
}
