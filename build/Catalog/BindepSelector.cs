namespace OpenStack.Catalog;

/// <summary>A profile, its negation (<c>!profile</c>) or a group of them that must hold together (<c>(cinder lvm)</c>).</summary>
/// <param name="Terms">One term, or those of the group.</param>
/// <param name="IsGroup">Whether it was written in parentheses.</param>
public sealed record BindepSelector(IReadOnlyList<BindepTerm> Terms, bool IsGroup)
{
    /// <summary>A group is never one, whatever it holds: bindep counts groups as profiles.</summary>
    public bool IsPlatform => !IsGroup && Terms[0].Profile.StartsWith("platform:", StringComparison.Ordinal);

    public bool IsNegated => !IsGroup && Terms[0].IsNegated;

    public bool Holds(IReadOnlySet<string> active) => Terms.All(x => active.Contains(x.Profile) != x.IsNegated);

    public override string ToString() => IsGroup ? $"({string.Join(' ', Terms)})" : Terms[0].ToString();
}

/// <summary>A profile or its negation.</summary>
public sealed record BindepTerm(string Profile, bool IsNegated)
{
    public override string ToString() => IsNegated ? "!" + Profile : Profile;
}
