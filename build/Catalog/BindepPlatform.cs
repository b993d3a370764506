namespace OpenStack.Catalog;

/// <summary>A platform as bindep names it, with the further profiles that are asked for.</summary>
/// <param name="Active">All active profiles.</param>
public sealed record BindepPlatform(IReadOnlySet<string> Active)
{
    /// <summary>
    /// The profiles that bindep activates by itself on a Debian-like system: <c>platform:dpkg</c>, the distribution and the
    /// distribution with its codename.
    /// </summary>
    /// <param name="name">Distribution and codename, as in <c>ubuntu-noble</c> or <c>debian-trixie</c>.</param>
    /// <param name="profiles">Profiles of the caller, as in <c>build</c> or <c>nova</c>.</param>
    public static BindepPlatform Of(string name, params IReadOnlyList<string> profiles)
    {
        var active = new HashSet<string>(profiles, StringComparer.Ordinal) { "platform:dpkg", "platform:" + name };
        if (name.IndexOf('-', StringComparison.Ordinal) is var dash and > 0) active.Add("platform:" + name[..dash]);
        return new BindepPlatform(active);
    }
}
