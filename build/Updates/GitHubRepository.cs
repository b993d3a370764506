using System.Text.RegularExpressions;

namespace OpenStack.Updates;

/// <summary>A repository at GitHub, or at a server of GitHub Enterprise.</summary>
public sealed partial record GitHubRepository(string Owner, string Name)
{
    /// <summary>
    /// From <c>owner/name</c>, or the url of a remote: <c>https://github.com/owner/name.git</c>,
    /// <c>git@github.com:owner/name</c>. Null for anything else.
    /// </summary>
    public static GitHubRepository? TryParse(string text) =>
        Pattern().Match(text) is { Success: true } x
            ? new GitHubRepository(x.Groups["owner"].Value, x.Groups["name"].Value)
            : null;

    public override string ToString() => $"{Owner}/{Name}";

    [GeneratedRegex(
        @"^(?:(?:https?|ssh)://[^/]+/|[^/:@]+@[^/:]+:)?(?<owner>[A-Za-z0-9][A-Za-z0-9-]*)/(?<name>[A-Za-z0-9._-]+?)(?:\.git)?/?\z")]
    private static partial Regex Pattern();
}
