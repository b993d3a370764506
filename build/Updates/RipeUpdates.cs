using OpenStack.Constraints;
using OpenStack.Indexes;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>Of what is behind, the updates that have been out long enough to be taken.</summary>
/// <param name="minimumAge">Days that a version must have been out.</param>
/// <param name="now">The time.</param>
/// <param name="outcomes">Counts those that have to wait.</param>
/// <param name="tell">Is told why one has to.</param>
public sealed class RipeUpdates(int minimumAge, DateTimeOffset now, UpdateOutcomes outcomes, Action<string> tell)
{
    /// <summary>Nothing that is younger is taken; null where age does not count.</summary>
    public DateTimeOffset? Before => minimumAge > 0 ? now.AddDays(-minimumAge) : null;

    /// <summary>The newest tag of a component.</summary>
    /// <param name="finding">That it is behind.</param>
    /// <param name="request">What it is built from now.</param>
    /// <param name="mirror">Its repository.</param>
    /// <returns>Null where it has to wait.</returns>
    public async Task<UpdateDraft?> OfRefAsync(
        Drafting drafting, Finding finding, RefRequest request, Mirror mirror, RefResolver resolver)
    {
        await mirror.EnsureAsync(finding.Id!);
        var ripe = await TagAge.NewestAsync(mirror, finding.Newer, Before, now);
        if (ripe.Waiting.Length > 0)
            tell($"{finding.Name} {finding.Release}: {finding.Newest} is not {minimumAge} "
                + $"days old yet: {ripe.Waiting}");
        if (ripe.Tag is null) return Wait();
        var resolved = await resolver.ResolveAsync([request, request with { Ref = ripe.Tag }]);
        return await drafting.TagAsync(mirror, resolved.Refs[0], resolved.Refs[1], finding.Release!);
    }

    /// <summary>The upper constraints of a release.</summary>
    /// <param name="requirements">The repository that they are from.</param>
    /// <param name="upstream">What it has that is old enough; null where nothing is.</param>
    /// <returns>Null where they have to wait, or are those that the release has.</returns>
    public async Task<UpdateDraft?> OfConstraintsAsync(
        Drafting drafting, string release, Mirror requirements, UpstreamConstraints? upstream)
    {
        if (upstream is not null)
            return drafting.Constraints(release, upstream, await TagAge.OfCommitAsync(requirements, upstream.Commit));
        tell($"Upper constraints of {release}: none are {minimumAge} days old yet");
        return Wait();
    }

    /// <summary>The overrides of one distribution.</summary>
    /// <param name="pins">That they are behind.</param>
    /// <param name="indexes">Where it is looked up.</param>
    /// <returns>Null where they have to wait.</returns>
    public async Task<UpdateDraft?> OfPinsAsync(
        Drafting drafting, string release, IReadOnlyList<Finding> pins, IndexList indexes)
    {
        // Of lines for several markers, all are taken as far as the first of them may go.
        var newer = pins.Select(x => x.Newer).MinBy(x => x.Count)!;
        var project = await indexes.FindAsync(PythonName.Of(pins[0].Name));
        var known = IndexedVersion.AllOf(project);
        var ripe = known.LastOrDefault(x =>
            newer.Contains(x.Version.Text) && (Before is not { } latest || x.Since <= latest));
        if (ripe is not null) return drafting.Override(release, pins, ripe.Version.Text, ripe.Since,
            $"{project.Index.Index.Url}");
        var since = known.First(x => x.Version.Text == newer[^1]).Since;
        tell($"{pins[0].Name} {release}: {newer[^1]} is not {minimumAge} days old yet"
            + (since is { } at ? $": the index has it since {at:yyyy-MM-dd}" : ", as far as the index says"));
        return Wait();
    }

    UpdateDraft? Wait()
    {
        outcomes.Wait();
        return null;
    }
}
