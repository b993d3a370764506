using System.Globalization;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>Finds the commits that an address means, and brings them into the mirror of the component.</summary>
/// <param name="remote">Url of the component's repository.</param>
/// <param name="known">A commit that the mirror has: with it, the mirror can be brought up to date.</param>
sealed class ChangeSearch(RefResolver resolver, Mirror mirror, string remote, string known)
{
    readonly List<string> _notes = [];

    string Component => mirror.Component;

    /// <exception cref="ProblemException">There are none, or the remote cannot be reached.</exception>
    public async Task<ChangeSeries> FindAsync(ChangeAddress address, CancellationToken cancellation = default)
    {
        await mirror.EnsureAsync(known, cancellation);
        IReadOnlyList<string> commits = address switch
        {
            ChangeId x => [await OfChangeIdAsync(x.Id, cancellation)],
            CommitRange x => await OfRangeAsync(x, cancellation),
            ReviewedChange x => [await OfReviewAsync(x, cancellation)],
            PullRequest x => await OfPullRequestAsync(x, cancellation),
            RemoteCommit x => [await OfRemoteAsync(x, cancellation)],
            Revision x => [await CommitAsync(x.Name, cancellation)],
            _ => throw new InvalidOperationException($"{address} is no address of commits"),
        };
        var series = await ChangeSeries.OfCommitsAsync(mirror, commits, cancellation);
        return series with { Notes = [.. _notes, .. series.Notes] };
    }

    async Task<string> CommitAsync(string name, CancellationToken cancellation)
    {
        var request = new RefRequest(Component, remote, name);
        Resolution resolution;
        try
        {
            resolution = await resolver.ResolveAsync([request], cancellation);
        }
        catch (ProblemException) when (IsAbbreviated(name) && !mirror.IsOffline)
        {
            // It may be younger than the mirror.
            await UpdateAsync(cancellation);
            resolution = await resolver.ResolveAsync([request], cancellation);
        }

        _notes.AddRange(resolution.Notes);
        var found = resolution.Refs[0];
        await mirror.EnsureAsync(found.Commit, found.Change, cancellation);
        return await mirror.PeelAsync(found.Commit, cancellation) ?? found.Commit;
    }

    static bool IsAbbreviated(string name) => name.Length is >= 7 and < 40 && name.All(char.IsAsciiHexDigit);

    async Task UpdateAsync(CancellationToken cancellation)
    {
        mirror.MarkBehind();
        if (await mirror.EnsureAsync(known, cancellation) is { } note) _notes.Add(note);
    }

    /// <summary>Of several branches with the change, the one that it was made on: it has the oldest commit.</summary>
    async Task<string> OfChangeIdAsync(string id, CancellationToken cancellation)
    {
        var found = await GrepAsync(id, cancellation);
        if (found.Count == 0 && !mirror.IsOffline)
        {
            await UpdateAsync(cancellation);
            found = await GrepAsync(id, cancellation);
        }

        if (found.Count == 0)
            throw new ProblemException($"{Component}: no branch has a change {id}", "If it is under review, give its "
                + "address; if it is of another project, name that with --service");
        if (found.Select(x => x.Id).Distinct(StringComparer.Ordinal).Skip(1).Any())
            throw new ProblemException($"--from: '{id}' is the beginning of several Change-Ids", "Write more of it");
        if (found.Count > 1)
            _notes.Add($"{found.Count} commits are {found[0].Id}; {found[0].Commit[..10]} is the oldest");
        return found[0].Commit;
    }

    async Task<IReadOnlyList<(string Commit, string Id)>> GrepAsync(string id, CancellationToken cancellation)
    {
        var log = await mirror.Offline.Command("log", "--branches", "--no-merges", $"--grep=^Change-Id: *{id}",
            "--format=%ct %H %(trailers:key=Change-Id,valueonly,separator=%x20)").RequireAsync(cancellation);
        return [.. log.Lines.Select(x => x.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(x => x.Length > 2 && x[^1].StartsWith(id, StringComparison.Ordinal))
            .OrderBy(x => long.Parse(x[0], CultureInfo.InvariantCulture)).Select(x => (x[1], x[^1]))];
    }

    async Task<IReadOnlyList<string>> OfRangeAsync(CommitRange range, CancellationToken cancellation)
    {
        var (after, last) = (await CommitAsync(range.After, cancellation), await CommitAsync(range.Last, cancellation));
        var commits = await ListAsync(cancellation, last, $"^{after}");
        return commits.Count > 0 ? commits
            : throw new ProblemException($"{Component}: {range.After} has all that {range.Last} has: nothing is "
                + "between them", "Write the older one first, as in a..b");
    }

    /// <summary>In upstream's order.</summary>
    async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation, params string[] revisions) =>
        (await mirror.Offline.Command(["rev-list", "--topo-order", "--reverse", .. revisions])
            .RequireAsync(cancellation)).Lines;

    async Task<string> OfReviewAsync(ReviewedChange change, CancellationToken cancellation)
    {
        RequireProject(change.Project);
        var number = change.Number.ToString(CultureInfo.InvariantCulture);
        var prefix = $"refs/changes/{change.Number % 100:d2}/{number}/";
        string?[] places = [remote, change.Project is null ? null : $"{change.Host}/{change.Project}"];
        var what = $"change {number}" + (change.PatchSet is { } wanted ? $", patch set {wanted}" : "");
        return await FetchAsync(what, places, async place =>
            (await resolver.MatchingAsync(Component, place, $"{prefix}*", cancellation))
                .Select(x => (Ref: x, Set: int.TryParse(x.Key[prefix.Length..], CultureInfo.InvariantCulture,
                    out var set) ? set : 0))
                .Where(x => x.Set > 0 && (change.PatchSet is null || x.Set == change.PatchSet))
                .OrderBy(x => x.Set).Select(x => ((string, string)?)(x.Ref.Key, x.Ref.Value)).LastOrDefault(),
            cancellation);
    }

    async Task<IReadOnlyList<string>> OfPullRequestAsync(PullRequest pull, CancellationToken cancellation)
    {
        RequireProject(pull.Project);
        var name = string.Create(CultureInfo.InvariantCulture, $"refs/pull/{pull.Number}/head");
        var head = await FetchAsync($"pull request {pull.Number}", [pull.Url ?? remote, remote], async place =>
            (await resolver.MatchingAsync(Component, place, name, cancellation)).TryGetValue(name, out var commit)
                ? (name, commit) : null, cancellation);
        var open = await ListAsync(cancellation, head, "--not", "--branches");
        if (open.Count > 0) return open;
        // It was merged: what it brought is what the merge has more than the branch before.
        var merges = await mirror.Offline.Command("rev-list", "--merges", "--parents", "--topo-order", "--reverse",
            "--branches", $"^{head}").RequireAsync(cancellation);
        if (merges.Lines.Select(x => x.Split(' ')).FirstOrDefault(x => x[2] == head) is { } merge)
            return await ListAsync(cancellation, head, $"^{merge[1]}");
        _notes.Add($"where pull request {pull.Number} begins is not known: its last commit is taken");
        return [head];
    }

    async Task<string> OfRemoteAsync(RemoteCommit address, CancellationToken cancellation)
    {
        RequireProject(address.Project);
        try
        {
            return await CommitAsync(address.Commit, cancellation);
        }
        catch (ProblemException) when (address.Commit.Length is 40 or 64 && !mirror.IsOffline)
        {
            await mirror.TakeFromAsync(address.Url, address.Commit, address.Commit, cancellation);
            return address.Commit;
        }
    }

    /// <summary>The commit that a ref is at, from the first place that has it.</summary>
    /// <param name="find">Name and commit of the ref in a place; null where it has none.</param>
    async Task<string> FetchAsync(string what, IEnumerable<string?> places,
        Func<string, Task<(string Name, string Commit)?>> find, CancellationToken cancellation)
    {
        var asked = places.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var failures = new List<Problem>();
        foreach (var place in asked)
        {
            try
            {
                if (await find(place) is not var (name, commit)) continue;
                if (place == remote) await mirror.EnsureAsync(commit, name, cancellation);
                else await mirror.TakeFromAsync(place, name, commit, cancellation);
                return commit;
            }
            catch (ProblemException e)
            {
                failures.AddRange(e.Problems);
            }
        }

        throw new ProblemException([new Problem($"{Component}: there is no {what} at "
            + string.Join(" or ", asked.Select(RemoteUrl.WithoutCredentials)),
            Remedy: "It may be deleted, or of another project; its patch, in a file, will do as well"), .. failures]);
    }

    /// <exception cref="ProblemException">The address is of another project.</exception>
    void RequireProject(string? project)
    {
        if (project is null) return;
        var name = project.Split('/')[^1];
        var here = RemoteUrl.WithoutCredentials(remote).Split('/')[^1].Replace(".git", "", StringComparison.Ordinal);
        if (name != Component && name != here)
            throw new ProblemException($"the change is of {project}, and --service names {Component}",
                $"Write --service {name}, or another address");
    }
}
