using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>What was found out of a service that is to be added.</summary>
/// <param name="ByRelease">What each release is to say of it; the others do not get it.</param>
/// <param name="Notes">What the user should know: releases that lack it, versions that could not be had.</param>
/// <param name="Problems">What went wrong.</param>
public sealed record FoundService(string Service, IReadOnlyDictionary<string, NewComponent> ByRelease,
    IReadOnlyList<string> Notes, IReadOnlyList<Problem> Problems);

/// <summary>
/// Looks services up: which version each release has, by openstack/releases; of a component that it does not know, the
/// newest tag of the series; and what its source says.
/// </summary>
/// <param name="resolver">Asks each remote once.</param>
/// <param name="mirrorOf">The mirror of a component's repository.</param>
/// <param name="remoteOf">Its place.</param>
/// <param name="released">What openstack/releases says; null where that is not known.</param>
/// <param name="refs">Refs that are given, by component; they come before everything else.</param>
/// <param name="aside">For what is read of trees.</param>
public sealed class ServiceLookUp(RefResolver resolver, Func<string, string, Mirror> mirrorOf,
    Func<string, string> remoteOf, ReleasedComponents? released, IReadOnlyDictionary<string, string> refs,
    AbsolutePath aside)
{
    /// <summary>
    /// Looks a service up in some releases. One release that lacks it does not keep it from the others.
    /// </summary>
    public async Task<FoundService> RunAsync(string service, IEnumerable<string> releases)
    {
        var found = new SortedDictionary<string, NewComponent>(StringComparer.Ordinal);
        var (notes, problems) = (new List<string>(), new List<Problem>());
        foreach (var release in releases)
        {
            try
            {
                if (await RefOfAsync(service, release, notes) is not { } reference) continue;
                if (await ReadAsync(service, release, reference.Length == 0 ? null : reference, notes) is { } component)
                    found[release] = component;
                else notes.Add($"{release}: it is a JavaScript project, with nothing that Python could start");
            }
            catch (ProblemException e)
            {
                problems.AddRange([.. e.Problems, new Problem($"no tag of {service} is known for {release}",
                    Remedy: $"Name a ref: --ref {service}=…")]);
            }
        }

        // Of what openstack/releases does not know, a series that is not there is one that the release lacks.
        if (found.Count == 0 || released?.Knows(RepositoryOf(service)) == true)
            return new FoundService(service, found, notes, problems);
        notes.AddRange(problems.Select(x => x.ToString()));
        return new FoundService(service, found, notes, []);
    }

    /// <summary>What openstack/releases knows a service by.</summary>
    string RepositoryOf(string service) => RemoteUrl.NameOf(remoteOf(service));

    /// <summary>What a release takes: "" for the newest tag of its series, null for nothing.</summary>
    async Task<string?> RefOfAsync(string service, string release, List<string> notes)
    {
        if (refs.TryGetValue(service, out var given)) return given;
        var repository = RepositoryOf(service);
        if (released?.Knows(repository) != true) return "";
        if (!released.Deliverables.TryGetValue((release, repository), out var deliverable)
            || deliverable.Versions.Count == 0)
        {
            notes.Add($"{release} has no {service}");
            return null;
        }

        var remote = remoteOf(service);
        var tags = (await resolver.RefsAsync(service, remote)).Tags;
        var allowed = deliverable.Allowed;
        bool IsThere(ReleasedVersion x) =>
            tags.TryGetValue(x.Tag, out var commit) && (x.Commit is null || x.Commit == commit);
        var newest = allowed.LastOrDefault(IsThere) ?? deliverable.Versions.LastOrDefault(IsThere);
        if (newest is null)
            throw new ProblemException($"{service} {release}: openstack/{ReleaseData.Repository} names "
                + $"{allowed[^1]}, and {RemoteUrl.WithoutCredentials(remote)} has no such tag, at that commit");
        if (newest != allowed[^1])
            notes.Add($"{release}: openstack/{ReleaseData.Repository} names {allowed[^1]}, and "
                + $"{RemoteUrl.WithoutCredentials(remote)} does not have it: {newest} is taken");
        return newest.Tag;
    }

    /// <summary>
    /// What the source says. With a ref that was given, the rest can be filled in later where it cannot be had.
    /// </summary>
    async Task<NewComponent?> ReadAsync(string service, string release, string? reference, List<string> notes)
    {
        var remote = remoteOf(service);
        try
        {
            return await UpstreamService.LookUpAsync(resolver, mirrorOf(service, remote), remote, release, reference,
                aside / $"{service}-{Guid.NewGuid():N}");
        }
        catch (ProblemException e) when (refs.TryGetValue(service, out var given))
        {
            notes.Add($"{release}: its entry points are left out. {e.Message}");
            return new NewComponent(given, null);
        }
    }
}
