namespace OpenStack.Catalog;

/// <summary>One rule of a bindep file: a package and when it is needed.</summary>
/// <param name="Package">Debian binary package.</param>
/// <param name="Selectors">What stands in the brackets; none means always.</param>
public sealed record BindepLine(string Package, IReadOnlyList<BindepSelector> Selectors)
{
    /// <summary>
    /// bindep's rule: platform selectors and profile selectors (groups count as profiles) are asked apart, and neither
    /// may say no. Of one kind, a negated selector that is active says no; else one that holds says yes; with none but
    /// negated ones it is yes.
    /// </summary>
    /// <param name="active">Active profiles, platform profiles (<c>platform:dpkg</c>) among them.</param>
    public bool AppliesTo(IReadOnlySet<string> active) =>
        Says(Selectors.Where(x => x.IsPlatform), active) && Says(Selectors.Where(x => !x.IsPlatform), active);

    /// <summary>
    /// A line that says the same of all other profiles where there is no <paramref name="profile"/> any more; null
    /// where it never applies then.
    /// </summary>
    public BindepLine? Without(string profile)
    {
        var wanted = Selectors.Any(x => !x.IsPlatform && !x.IsNegated);
        var left = new List<BindepSelector>();
        var always = false;
        foreach (var selector in Selectors)
        {
            if (selector.IsPlatform || !selector.Names(profile)) left.Add(selector);
            else if (selector.IsNegated) continue;
            else if (selector.Without(profile) is not { } rest) continue;
            else if (rest.Terms.Count == 0) always = true;
            else left.Add(rest);
        }

        // Beside one that always holds, no other has to.
        if (always) left.RemoveAll(x => !x.IsPlatform && !x.IsNegated);
        return always || !wanted || left.Any(x => !x.IsPlatform && !x.IsNegated) ? this with { Selectors = left }
            : null;
    }

    /// <summary>The line in its shortest writing.</summary>
    public override string ToString() => Selectors.Count == 0 ? Package : $"{Package} [{string.Join(' ', Selectors)}]";

    static bool Says(IEnumerable<BindepSelector> selectors, IReadOnlySet<string> active)
    {
        var (wanted, found) = (false, false);
        foreach (var selector in selectors)
        {
            if (selector.IsNegated && !selector.Holds(active)) return false;
            wanted |= !selector.IsNegated;
            found |= !selector.IsNegated && selector.Holds(active);
        }

        return found || !wanted;
    }
}
