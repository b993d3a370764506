namespace OpenStack.Lab;

/// <summary>
/// The files of several packages as they lie in one file system, where links lead from one package to another.
/// </summary>
/// <param name="contents">Of two packages that hold the same file, the first one's counts.</param>
sealed class DebTree(IReadOnlyList<DebContent> contents)
{
    /// <summary>As many links as Linux follows on one path.</summary>
    const int MostLinks = 40;

    /// <summary>
    /// The file at <paramref name="path"/> (by the empty name), or all files below that directory by the rest of their
    /// path, links followed. Empty when there is nothing.
    /// </summary>
    public Dictionary<string, DebFile> Below(string path) => Below(path, 0);

    Dictionary<string, DebFile> Below(string path, int followed)
    {
        var found = new Dictionary<string, DebFile>(StringComparer.Ordinal);
        if (contents.Select(x => x.Find(path)).FirstOrDefault(x => x is not null) is { } file) found[""] = file;
        if (found.Count > 0 || followed > MostLinks) return found;
        foreach (var (tail, below) in contents.SelectMany(x => x.Below(path))) found.TryAdd(tail, below);
        foreach (var (link, target) in contents.SelectMany(x => x.Links))
        {
            // A directory that holds a link to itself has no end.
            if (IsAtOrBelow(link, target)) continue;
            if (IsAtOrBelow(path, link)) Add("", target + path[link.Length..]);
            else if (IsAtOrBelow(link, path)) Add(link[path.Length..], target);
        }

        return found;

        void Add(string prefix, string target)
        {
            foreach (var (tail, below) in Below(target, followed + 1)) found.TryAdd(prefix + tail, below);
        }
    }

    static bool IsAtOrBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal)
        && (path.Length == directory.Length || path[directory.Length] == '/');
}
