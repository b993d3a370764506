namespace OpenStack.Oci;

/// <summary>
/// What a token is to allow (distribution, docs/spec/auth/scope.md): <c>repository:c5c3/keystone:pull,push</c>, several
/// of them separated by blanks. A name may hold colons itself.
/// </summary>
static class TokenScopes
{
    /// <summary>
    /// What to ask a token server for: what the registry says that it wants, and of that what is needed for ourselves
    /// besides. A registry may know a repository by another name than the one in its address; ours is then of no use to
    /// its token server.
    /// </summary>
    /// <param name="needed">What the request needs; its own repository first.</param>
    /// <param name="asked">The <c>scope</c> of the challenge; null without one.</param>
    public static IReadOnlyList<string> Merge(IReadOnlyList<string> needed, string? asked)
    {
        var wanted = asked?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (wanted.Length == 0) return needed;
        var named = wanted.Select(x => Parse(x).Resource).ToHashSet(StringComparer.Ordinal);
        // Of the repository that is asked for the registry has spoken; what a mount takes from another one it may not
        // have.
        var ours = needed.Where((x, i) => i > 0 || named.Contains(Parse(x).Resource));
        return [.. wanted.Concat(ours).Select(Parse).GroupBy(x => x.Resource, StringComparer.Ordinal)
            .Select(x => $"{x.Key}:{string.Join(',', x.SelectMany(y => y.Actions).Distinct())}")];
    }

    static (string Resource, string[] Actions) Parse(string scope)
    {
        var colon = scope.LastIndexOf(':');
        return colon < 0 ? (scope, [])
            : (scope[..colon], scope[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries));
    }
}
