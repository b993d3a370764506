using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>What to write instead of a ref that a remote does not have.</summary>
static partial class RefSuggestion
{
    public static string For(string name, RefList list)
    {
        foreach (var prefix in (string[])["refs/heads/", "refs/tags/", "refs/remotes/origin/"])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length)
                return list.Find(name[prefix.Length..]) is { } found
                    ? $"Write '{name[prefix.Length..]}', which is a {(found.Kind == RefKind.Tag ? "tag" : "branch")}"
                    : For(name[prefix.Length..], list);
        }

        return Review().IsMatch(name) ? $"Write 'refs/{name}'" : ForName(name, list);
    }

    static string ForName(string name, RefList list) =>
        EndOfSeries(name, list)
        ?? WithoutRemote(name, list)
        ?? SameSeries(name, list)
        ?? Suggest.DidYouMean(name, list.Names, Few(list))!;

    /// <summary>
    /// stable/X becomes unmaintained/X, and then the tag X-eom or X-eol (openstack/releases, series_status.yaml).
    /// </summary>
    static string? EndOfSeries(string name, RefList list)
    {
        if (Series().Match(name) is not { Success: true } match) return null;
        var series = match.Groups["series"].Value;
        if (list.Branches.ContainsKey($"unmaintained/{series}"))
            return $"The series is unmaintained; its branch is now 'unmaintained/{series}'";
        if (list.Branches.ContainsKey($"stable/{series}"))
            return $"The series is still maintained; its branch is 'stable/{series}'";
        var last = new[] { $"{series}-eol", $"{series}-eom" }.FirstOrDefault(list.Tags.ContainsKey);
        return last is null ? null : $"The series has ended; its last state is the tag '{last}'";
    }

    [GeneratedRegex("^(?:stable/|unmaintained/)(?<series>.+)$|^(?<series>.+)-(?:eol|eom)$")]
    private static partial Regex Series();

    /// <summary>What Gerrit, GitHub and GitLab keep changes under review in.</summary>
    [GeneratedRegex("^(changes|pull|merge-requests)/.*[0-9]")]
    private static partial Regex Review();

    static string? WithoutRemote(string name, RefList list)
    {
        var rest = name[(name.IndexOf('/') + 1)..];
        return rest != name && list.Find(rest) is not null ? $"Write '{rest}'" : null;
    }

    /// <summary>28.0.9 → the newest tags that share the major version, after the nearest name of all.</summary>
    static string? SameSeries(string name, RefList list)
    {
        if (SemanticVersion.TryParse(name) is not { } wanted) return null;
        var tags = list.Tags.Keys
            .Select(x => (Name: x, Version: SemanticVersion.TryParse(x)))
            .Where(x => x.Version?.Major == wanted.Major)
            .OrderByDescending(x => x.Version)
            .Select(x => x.Name)
            .ToList();
        return tags.Count == 0
            ? null
            : $"Tags of the same series: {string.Join(", ", tags.Take(5))}{(tags.Count > 5 ? ", …" : "")}";
    }

    static string Few(RefList list) => list.Branches.Count == 0
        ? "The repository has no branches"
        : $"Branches: {string.Join(", ", list.Branches.Keys.Order(StringComparer.Ordinal).Take(8))}";
}
