namespace OpenStack.Sources;

/// <summary>
/// The tags and branches of a repository: name without <c>refs/tags/</c> or <c>refs/heads/</c> → commit.
/// </summary>
/// <param name="Tags">Annotated tags are peeled.</param>
/// <param name="TagObjects">The tags unpeeled: what changes when a tag is made anew.</param>
public sealed record RefList(
    IReadOnlyDictionary<string, string> Branches,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyDictionary<string, string> TagObjects)
{
    const string Heads = "refs/heads/";
    const string TagsPrefix = "refs/tags/";
    const string Peeled = "^{}";

    /// <summary>
    /// Reads the lines of <c>git ls-remote</c> and of <c>git show-ref --dereference</c>: object id, white space, name.
    /// </summary>
    public static RefList Parse(IEnumerable<string> lines)
    {
        var branches = new Dictionary<string, string>(StringComparer.Ordinal);
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        var objects = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var split = line.IndexOfAny([' ', '\t']);
            if (split < 0) continue;
            var (id, name) = (line[..split], line[(split + 1)..]);
            if (name.StartsWith(Heads, StringComparison.Ordinal)) branches[name[Heads.Length..]] = id;
            else if (!name.StartsWith(TagsPrefix, StringComparison.Ordinal)) continue;
            // The peeled line follows the tag's own, and wins.
            else if (name.EndsWith(Peeled, StringComparison.Ordinal))
                tags[name[TagsPrefix.Length..^Peeled.Length]] = id;
            else tags[name[TagsPrefix.Length..]] = objects[name[TagsPrefix.Length..]] = id;
        }

        return new RefList(branches, tags, objects);
    }

    /// <summary>
    /// Whether a name is the full one of a ref that is neither a branch nor a tag, such as
    /// <c>refs/changes/34/901234/2</c> of a Gerrit or <c>refs/pull/7/head</c> of GitHub.
    /// </summary>
    public static bool IsOther(string name) => name.StartsWith("refs/", StringComparison.Ordinal)
        && !name.StartsWith(Heads, StringComparison.Ordinal) && !name.StartsWith(TagsPrefix, StringComparison.Ordinal);

    /// <summary>
    /// What such a ref is at, peeled, by the lines of <c>git ls-remote</c>; null where there is none.
    /// </summary>
    public static string? FindOther(IEnumerable<string> lines, string name)
    {
        var ids = lines.Select(x => x.Split('\t')).Where(x => x.Length == 2)
            .ToDictionary(x => x[1], x => x[0], StringComparer.Ordinal);
        return ids.GetValueOrDefault(name + Peeled) ?? ids.GetValueOrDefault(name);
    }

    /// <summary>The tags of versions that are final, in the order of those.</summary>
    public IReadOnlyList<(string Tag, SemanticVersion Version, string Commit)> FinalVersions =>
        [.. Tags.Select(x => (x.Key, Version: SemanticVersion.TryParse(x.Key), x.Value))
            .Where(x => x.Version?.IsFinal == true).Select(x => (x.Key, x.Version!, x.Value)).OrderBy(x => x.Item2)];

    public IEnumerable<string> Names => Tags.Keys.Concat(Branches.Keys);

    /// <summary>
    /// A tag or branch as a user writes it: its name, or its full name where a tag and a branch share one. Tags win.
    /// </summary>
    public (RefKind Kind, string Commit)? Find(string name)
    {
        if (name.StartsWith(TagsPrefix, StringComparison.Ordinal)) return Find(RefKind.Tag, name[TagsPrefix.Length..]);
        if (name.StartsWith(Heads, StringComparison.Ordinal)) return Find(RefKind.Branch, name[Heads.Length..]);
        return Find(RefKind.Tag, name) ?? Find(RefKind.Branch, name);
    }

    /// <summary>Whether a tag hides a branch of the same name that is at another commit.</summary>
    public bool IsAmbiguous(string name) =>
        Tags.TryGetValue(name, out var tag) && Branches.TryGetValue(name, out var branch) && tag != branch;

    public bool HasTagsOf(RefList other) =>
        TagObjects.Count == other.TagObjects.Count
        && other.TagObjects.All(x => TagObjects.GetValueOrDefault(x.Key) == x.Value);

    (RefKind, string)? Find(RefKind kind, string name) =>
        (kind == RefKind.Tag ? Tags : Branches).TryGetValue(name, out var commit) ? (kind, commit) : null;
}
