using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>A platform as bindep names it, with the further profiles that are asked for.</summary>
/// <param name="Active">All active profiles.</param>
public sealed record BindepPlatform(IReadOnlySet<string> Active)
{
    /// <summary>What the profile of a platform begins with.</summary>
    internal const string Prefix = "platform:";

    const string Data = "Catalog.data.distributions.txt";

    /// <summary>
    /// What is true of all of them: dpkg is their package manager, and Python 3 their Python (bindep 2.9,
    /// <c>platform:base-py3</c>).
    /// </summary>
    static readonly string[] s_ofAll = ["dpkg", "base-py3"];

    static readonly IReadOnlyList<(string Distribution, string Codename, string Version)> s_distributions =
        ReadDistributions();

    static readonly HashSet<string> s_known = [.. s_distributions.SelectMany(ProfilesOf), "platform:base-py2"];

    /// <summary>
    /// The profiles that bindep activates by itself on a system with dpkg: package manager and Python, the
    /// distribution, and that with its codename and with each part of its version (<c>platform:ubuntu-24</c>,
    /// <c>platform:ubuntu-24.04</c>).
    /// </summary>
    /// <param name="name">Distribution and codename or version, as in <c>ubuntu-noble</c> or <c>debian-13</c>.</param>
    /// <param name="profiles">Profiles of the caller, as in <c>build</c> or <c>nova</c>.</param>
    /// <exception cref="ProblemException">The distribution is not known, so lines for it cannot be told from
    /// others.</exception>
    public static BindepPlatform Of(string name, params IReadOnlyList<string> profiles)
    {
        var found = s_distributions.FirstOrDefault(x =>
            name == $"{x.Distribution}-{x.Codename}" || name == $"{x.Distribution}-{x.Version}");
        if (found.Distribution is null)
        {
            var names = s_distributions.Select(x => $"{x.Distribution}-{x.Codename}").ToList();
            throw new ProblemException(new Problem($"'{name}' is not a distribution that is known here",
                Expected: string.Join(", ", names),
                Remedy: Suggest.DidYouMean(name, names,
                    "Add its codename and version to build/Catalog/data/distributions.txt", within: 2)));
        }

        return new BindepPlatform(new HashSet<string>([.. profiles, .. ProfilesOf(found)], StringComparer.Ordinal));
    }

    /// <summary>
    /// A platform that cannot be one of ours, but looks like it; null for all others, of systems that are not built
    /// here too.
    /// </summary>
    internal static Problem? Check(string profile)
    {
        if (!profile.StartsWith(Prefix, StringComparison.Ordinal) || s_known.Contains(profile)) return null;
        var distribution = profile[Prefix.Length..].Split('-')[0];
        var meant = Suggest.DidYouMean(profile, s_known, within: 2);
        return meant is null && s_distributions.All(x => x.Distribution != distribution) ? null
            : new Problem($"there is no platform '{profile}'",
                Expected: "a distribution with codename or version as in platform:debian-trixie, platform:dpkg",
                Remedy: meant);
    }

    static IEnumerable<string> ProfilesOf((string Distribution, string Codename, string Version) of)
    {
        var numbers = of.Version.Split('.');
        var versions = numbers.Select((_, i) => string.Join('.', numbers.Take(i + 1)));
        return s_ofAll.Append(of.Distribution)
            .Concat(versions.Prepend(of.Codename).Select(x => $"{of.Distribution}-{x}")).Select(x => Prefix + x);
    }

    static List<(string Distribution, string Codename, string Version)> ReadDistributions()
    {
        using var reader = new StreamReader(typeof(BindepPlatform).Assembly.GetManifestResourceStream(Data)!);
        return [.. reader.ReadToEnd().Split('\n')
            .Select(x => x.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(x => x.Length == 3).Select(x => (x[0], x[1], x[2]))];
    }
}
