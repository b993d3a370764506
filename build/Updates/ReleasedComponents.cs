using System.Text.RegularExpressions;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>
/// Which components openstack/releases has in some releases, and in which versions: all of its deliverables, by the
/// repositories that they are made from. A deliverable may have several, and another name than either.
/// </summary>
/// <param name="Deliverables">By release and component.</param>
public sealed partial record ReleasedComponents(
    IReadOnlyDictionary<(string Release, string Component), Deliverable> Deliverables)
{
    /// <param name="mirror">Of openstack/releases.</param>
    /// <exception cref="ProblemException">It cannot be had, or does not know one of the releases.</exception>
    public static async Task<ReleasedComponents> ReadAsync(Mirror mirror, string commit,
        IReadOnlyCollection<string> releases, CancellationToken cancellation = default)
    {
        var data = await ReleaseData.ReadAsync(mirror, commit, [], cancellation);
        var problems = data.Problems.ToList();
        problems.AddRange(releases.Where(x => !data.Series.ContainsKey(x)).Select(x =>
            new Problem($"openstack/{ReleaseData.Repository} knows no release {x}")));
        ProblemException.ThrowIfAny(problems);
        var directories = releases.ToDictionary(x => $"deliverables/{data.Series[x].Codename}/", x => x);
        var paths = (await mirror.Offline.Command(["ls-tree", "--name-only", "--full-tree", commit,
            .. directories.Keys]).RequireAsync(cancellation)).Lines
            .Where(x => x.EndsWith(".yaml", StringComparison.Ordinal)).ToList();
        var deliverables = new Dictionary<(string, string), Deliverable>();
        foreach (var (path, text) in await MirrorFiles.ReadAsync(mirror, commit, paths, cancellation))
        {
            var release = directories[path[..(path.LastIndexOf('/') + 1)]];
            var file = $"openstack/{ReleaseData.Repository}:{path}";
            foreach (var component in Repository().Matches(text).Select(x => x.Groups["name"].Value).Distinct())
                deliverables.TryAdd((release, component), Deliverable.Parse(text, file, component, problems));
        }

        ProblemException.ThrowIfAny([.. problems.Distinct()]);
        return new ReleasedComponents(deliverables);
    }

    /// <summary>The components of a type that any release has, sorted.</summary>
    /// <exception cref="ProblemException">There is no such type.</exception>
    public IReadOnlyList<string> OfType(string type)
    {
        var types = Deliverables.Values.Select(x => x.Type).OfType<string>().Distinct().Order(StringComparer.Ordinal)
            .ToList();
        return types.Contains(type)
            ? [.. Deliverables.Where(x => x.Value.Type == type).Select(x => x.Key.Component)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : throw new ProblemException(new Problem($"openstack/{ReleaseData.Repository} has no deliverables of type "
                + $"'{type}'", Expected: string.Join(", ", types), Remedy: Suggest.DidYouMean(type, types)));
    }

    /// <summary>Whether openstack/releases has anything to say of a component.</summary>
    public bool Knows(string component) => Deliverables.Keys.Any(x => x.Component == component);

    [GeneratedRegex(@"(?m)^\s*-?\s*repo:\s*['""]?[\w.-]+/(?<name>[\w.-]+)")]
    private static partial Regex Repository();
}
