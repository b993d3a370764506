namespace OpenStack.Catalog;

/// <summary>
/// A profile, its negation (<c>!profile</c>) or a group of them that must hold together (<c>(cinder lvm)</c>).
/// </summary>
/// <param name="Terms">One term, or those of the group.</param>
/// <param name="IsGroup">Whether it was written in parentheses.</param>
public sealed record BindepSelector(IReadOnlyList<BindepTerm> Terms, bool IsGroup)
{
    /// <summary>A group is never one, whatever it holds: bindep counts groups as profiles.</summary>
    public bool IsPlatform =>
        !IsGroup && Terms is [var first, ..]
        && first.Profile.StartsWith(BindepPlatform.Prefix, StringComparison.Ordinal);

    public bool IsNegated => !IsGroup && Terms is [{ IsNegated: true }, ..];

    public bool Holds(IReadOnlySet<string> active) => Terms.All(x => active.Contains(x.Profile) != x.IsNegated);

    /// <summary>Whether it depends on a profile.</summary>
    public bool Names(string profile) => Terms.Any(x => x.Profile == profile);

    /// <summary>
    /// The same where there is no such profile any more. No terms are left of what always holds then; null for what
    /// never does.
    /// </summary>
    public BindepSelector? Without(string profile)
    {
        if (Terms.Any(x => x.Profile == profile && !x.IsNegated)) return null;
        IReadOnlyList<BindepTerm> left = [.. Terms.Where(x => x.Profile != profile)];
        // A group of one profile is that profile; one of a platform or a negation is asked otherwise than in a group.
        return left is [{ IsNegated: false } only]
            && !only.Profile.StartsWith(BindepPlatform.Prefix, StringComparison.Ordinal)
            ? new BindepSelector(left, IsGroup: false) : this with { Terms = left };
    }

    public override string ToString() => IsGroup ? $"({string.Join(' ', Terms)})" : Terms[0].ToString();
}

/// <summary>A profile or its negation.</summary>
public sealed record BindepTerm(string Profile, bool IsNegated)
{
    public override string ToString() => IsNegated ? "!" + Profile : Profile;
}
