using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>
/// What openstack/releases says of some releases and components, from its git repository: no web service is asked, and
/// a mirror that was fetched once will do offline.
/// </summary>
/// <param name="Commit">Of openstack/releases.</param>
/// <param name="Series">By release.</param>
/// <param name="Problems">What of it could not be understood.</param>
public sealed record ReleaseData(
    string Commit,
    IReadOnlyDictionary<string, Series> Series,
    IReadOnlyDictionary<(string Release, string Component), Deliverable> Deliverables,
    IReadOnlyList<Problem> Problems)
{
    /// <summary>Name of the repository.</summary>
    public const string Repository = "releases";

    const string Independent = "_independent";

    /// <summary>What its newest commit says.</summary>
    /// <param name="mirror">Of openstack/releases.</param>
    /// <exception cref="ProblemException">It cannot be had, or does not know its own series.</exception>
    public static async Task<ReleaseData> ReadNewestAsync(RefResolver resolver, Mirror mirror, string remote,
        IReadOnlyCollection<(string Release, string Component)> wanted, CancellationToken cancellation = default)
    {
        var head = (await resolver.ResolveAsync([new RefRequest(Repository, remote, "master")], cancellation)).Refs[0];
        return await ReadAsync(mirror, head.Commit, wanted, cancellation);
    }

    /// <summary>When what it says of the series was changed last.</summary>
    /// <param name="mirror">It has been read from.</param>
    public async Task<DateTimeOffset> SeriesDateAsync(Mirror mirror, CancellationToken cancellation = default) =>
        await TagAge.OfCommitAsync(mirror, (await mirror.Offline.Command("rev-list", "-n", "1", Commit, "--",
            SeriesList.File).RequireAsync(cancellation)).Text, cancellation);

    /// <param name="mirror">Of openstack/releases.</param>
    /// <exception cref="ProblemException">It cannot be had, or does not know its own series.</exception>
    public static async Task<ReleaseData> ReadAsync(
        Mirror mirror, string commit, IReadOnlyCollection<(string Release, string Component)> wanted,
        CancellationToken cancellation = default)
    {
        await mirror.EnsureAsync(commit, cancellation);
        var problems = new List<Problem>();
        var status = (await MirrorFiles.ReadAsync(mirror, commit, [SeriesList.File], cancellation))
            .GetValueOrDefault(SeriesList.File)
            ?? throw new ProblemException($"{mirror.Component}: there is no {SeriesList.File}",
                "Is this openstack/releases? Give its place with --git-base or --git-mirror");
        var series = SeriesList.Parse(status, Named(SeriesList.File), problems);
        var paths = wanted.Where(x => series.ContainsKey(x.Release))
            .ToDictionary(x => x, x => PathsOf(series[x.Release].Codename, x.Component));
        var files = await MirrorFiles.ReadAsync(mirror, commit,
            [.. paths.Values.SelectMany(x => x).Distinct(StringComparer.Ordinal)], cancellation);
        var deliverables = new Dictionary<(string, string), Deliverable>();
        foreach (var (key, candidates) in paths)
        {
            if (candidates.FirstOrDefault(files.ContainsKey) is { } path)
                deliverables[key] = Deliverable.Parse(files[path], Named(path), key.Component, problems);
        }

        return new ReleaseData(commit, series, deliverables, [.. problems.Distinct()]);
    }

    /// <summary>
    /// Where a deliverable may be, best first: the repository glance_store is the deliverable glance-store.
    /// </summary>
    static string[] PathsOf(string codename, string component) =>
        [.. from directory in (string[])[codename, Independent] from name in ((string[])[component,
            component.Replace('_', '-')]).Distinct() select $"deliverables/{directory}/{name}.yaml"];

    static string Named(string path) => $"openstack/{Repository}:{path}";
}
