using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>
/// Compares the source ref of a component with the versions of its release. The remote must have the tag of a version,
/// at the commit that openstack/releases names, before it is offered.
/// </summary>
/// <param name="resolver">Asks each remote once.</param>
/// <param name="mirrorOf">
/// The mirror of a component's repository, by component and url; made only for a commit's sake.
/// </param>
public sealed class RefCheck(RefResolver resolver, Func<string, string, Mirror> mirrorOf)
{
    /// <param name="request">The ref, and where it is written.</param>
    /// <param name="isFork">
    /// Whether the component's repository is not with all the others: its tags may be its own.
    /// </param>
    /// <param name="deliverable">
    /// What openstack/releases says of the component in this release; null where it says nothing.
    /// </param>
    /// <param name="unknown">Why nobody knows what openstack/releases says; null where that is known.</param>
    /// <exception cref="ProblemException">The remote cannot be reached, or does not have the ref.</exception>
    public async Task<Finding> RunAsync(RefRequest request, string release, bool isFork, Deliverable? deliverable,
        string? unknown = null, CancellationToken cancellation = default)
    {
        var finding = new Finding(Subject.Refs, release, request.Component, request.Ref, FindingState.Current,
            File: request.File, Line: request.Line);
        if (request.LocalTree is { } tree)
            return finding with { State = FindingState.Floating, Detail = $"a local tree, {tree}" };
        var remote = await resolver.RefsAsync(request.Component, request.Remote, cancellation);
        var (taken, kind, commit) = request.FindIn(remote) ?? await CommitAsync(request, cancellation);
        if (request.NoteOf(taken) is { } note)
            return finding with { State = FindingState.Floating, Detail = $"{note}, at {commit[..10]}", Id = commit };
        if (kind is RefKind.Branch or RefKind.Change)
        {
            var head = kind == RefKind.Branch ? "its head is" : "a change under review, at";
            return finding with { State = FindingState.Floating, Detail = $"{head} {commit[..10]}", Id = commit };
        }

        // Its own tags tell what there is, not what belongs to the release.
        if (unknown is not null) return finding with { State = FindingState.Unknown, Detail = unknown };
        var allowed = deliverable?.Allowed ?? await OfSeriesAsync(request, release, remote, isFork);
        var there = allowed
            .Where(x => remote.Tags.TryGetValue(x.Tag, out var tag) && (isFork || x.Commit is null || x.Commit == tag))
            .ToList();
        if (!isFork) CheckCommits(request, remote, allowed);
        var judged = kind == RefKind.Commit
            ? await JudgeCommitAsync(finding, request, commit, there, remote, cancellation)
            : Judge(finding, RefTag(request.Ref), there, remote);
        return isFork ? judged
            : WithMissing(judged, request, allowed.LastOrDefault(x => !remote.Tags.ContainsKey(x.Tag)), there);
    }

    /// <summary>A version that was released, and that the remote does not have, is none that could be taken; but
    /// neither is what is pinned known to be the newest.</summary>
    static Finding WithMissing(Finding judged, RefRequest request, ReleasedVersion? missing,
        List<ReleasedVersion> there)
    {
        if (missing is null || (there.Count > 0 && missing.Version.CompareTo(there[^1].Version) < 0)) return judged;
        var detail = $"{missing} is released, but {RemoteUrl.WithoutCredentials(request.Remote)} has no such tag";
        return judged with
        {
            State = judged.State == FindingState.Current ? FindingState.Unknown : judged.State,
            Detail = judged.Detail.Length == 0 ? detail : $"{judged.Detail}; {detail}",
        };
    }

    /// <summary>A ref that the remote does not list: a commit, or a mistake.</summary>
    async Task<(string, RefKind, string)> CommitAsync(RefRequest request, CancellationToken cancellation)
    {
        var resolved = (await resolver.ResolveAsync([request with { Locked = null }], cancellation)).Refs[0];
        return (resolved.Ref, resolved.Kind, resolved.Commit);
    }

    /// <summary>
    /// Of a component that openstack/releases does not know: the newest tag on the branch of the series; of one that is
    /// elsewhere and knows no such series, the versions that differ in their third number alone.
    /// </summary>
    async Task<IReadOnlyList<ReleasedVersion>> OfSeriesAsync(RefRequest request, string release, RefList remote,
        bool isElsewhere)
    {
        if (!SeriesBranch.NamesOf(release).Any(remote.Branches.ContainsKey))
            return isElsewhere ? OfItsOwnSeries(request, remote) : [];
        var newest = await SeriesBranch.NewestTagAsync(resolver, mirrorOf(request.Component, request.Remote),
            request.Remote, release);
        return SemanticVersion.TryParse(newest.Ref) is { } version
            ? [new ReleasedVersion(newest.Ref, version, newest.Commit)]
            : [];
    }

    static IReadOnlyList<ReleasedVersion> OfItsOwnSeries(RefRequest request, RefList remote) =>
        SemanticVersion.TryParse(RefTag(request.Ref)) is not { IsFinal: true } own ? []
        : [.. remote.FinalVersions
            .Where(x => (x.Version.Major, x.Version.Minor) == (own.Major, own.Minor))
            .Select(x => new ReleasedVersion(x.Tag, x.Version, x.Commit))];

    /// <exception cref="ProblemException">A tag is not where openstack/releases says that it is.</exception>
    static void CheckCommits(RefRequest request, RefList remote, IReadOnlyList<ReleasedVersion> allowed) =>
        ProblemException.ThrowIfAny([.. allowed
            .Where(x => x.Commit is not null && remote.Tags.TryGetValue(x.Tag, out var tag) && tag != x.Commit)
            .Select(x => new Problem(
                $"{request.Component}: the tag '{x.Tag}' at {RemoteUrl.WithoutCredentials(request.Remote)} is at "
                + $"commit {remote.Tags[x.Tag]}, but openstack/{ReleaseData.Repository} says {x.Commit}",
                Remedy: "Find out which of them is wrong before you trust either; a repository with tags of its own is "
                    + "named with its url in source-refs.yaml"))]);

    internal static Finding Judge(Finding finding, string tag, IReadOnlyList<ReleasedVersion> allowed, RefList remote)
    {
        if (allowed.Count == 0)
            return finding with { State = FindingState.Unknown, Detail = $"no version of {finding.Release} is known" };
        var range = allowed.Count == 1 ? $"{allowed[0]}" : $"{allowed[0]} … {allowed[^1]}";
        var newest = allowed[^1];
        if (SemanticVersion.TryParse(tag) is not { } version)
            return finding with
            {
                State = FindingState.Unknown,
                Newest = newest.Tag,
                Detail = $"no version; those of {finding.Release} are {range}",
            };
        var isOfRelease = allowed.Any(x => x.Version == version);
        var newer = allowed.Where(x => x.Version.CompareTo(version) > 0).ToList();
        if (newer.Count > 0)
        {
            var behind = $"{newer.Count} {(newer.Count == 1 ? "version" : "versions")} behind";
            return Outdated(finding, newer, remote) with
            {
                Detail = isOfRelease ? behind : $"none of the versions of {finding.Release}, {range}",
            };
        }

        return isOfRelease
            ? finding
            : finding with
            {
                State = FindingState.Ahead,
                Newest = newest.Tag,
                Id = remote.Tags[newest.Tag],
                Detail = $"newer than the versions of {finding.Release}, {range}",
            };
    }

    async Task<Finding> JudgeCommitAsync(
        Finding finding, RefRequest request, string commit, List<ReleasedVersion> allowed, RefList remote,
        CancellationToken cancellation)
    {
        if (allowed.Count == 0) return Judge(finding, request.Ref, allowed, remote);
        // Of the tags of one commit the highest: a final is often its last candidate.
        if (allowed.LastOrDefault(x => remote.Tags[x.Tag] == commit) is { } same)
        {
            var judged = Judge(finding, same.Tag, allowed, remote);
            return judged with
            {
                Detail = judged.Detail.Length == 0 ? $"it is {same}" : $"it is {same}, {judged.Detail}",
            };
        }

        var mirror = mirrorOf(request.Component, request.Remote);
        await mirror.EnsureAsync(commit, cancellation);
        // The newest of the tags may be younger than the mirror.
        await mirror.EnsureAsync(remote.Tags[allowed[^1].Tag], cancellation);
        var contain = (await mirror.Offline.Command("tag", "--list", "--contains", commit)
            .RequireAsync(cancellation)).Lines.ToHashSet(StringComparer.Ordinal);
        var newer = allowed.Where(x => contain.Contains(x.Tag)).ToList();
        return newer.Count > 0
            ? Outdated(finding, newer, remote) with { Detail = $"{newer[0]} contains it" }
            : finding with { Detail = $"no version of {finding.Release} contains it yet" };
    }

    static Finding Outdated(Finding finding, List<ReleasedVersion> newer, RefList remote) => finding with
    {
        State = FindingState.Outdated,
        Newest = newer[^1].Tag,
        Newer = [.. newer.Select(x => x.Tag)],
        Id = remote.Tags[newer[^1].Tag],
    };

    static string RefTag(string reference) => Catalog.RefLock.TagOf(reference);
}
