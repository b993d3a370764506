using LibGit2Sharp;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>The branch that a component is maintained on for a release.</summary>
public static class SeriesBranch
{
    /// <summary>What it may be called: as long as the series is maintained, and then.</summary>
    public static IReadOnlyList<string> NamesOf(string release) => [$"stable/{release}", $"unmaintained/{release}"];

    /// <summary>The tags where it ended: with its life, or with its maintenance.</summary>
    /// <param name="codename">By which older series were called; null where nobody knows it.</param>
    public static IReadOnlyList<string> EndsOf(string release, string? codename) =>
        [.. from end in (string[])["eol", "eom"] from name in (string?[])[release, codename]
            where name is not null select $"{name}-{end}"];

    /// <summary>Where a component of a series may be found, best first.</summary>
    /// <param name="series">What openstack/releases says of it; null where nobody knows.</param>
    public static IReadOnlyList<string> PlacesOf(string release, Series? series) => series?.Status switch
    {
        // Its branch is made of the one that everything is developed on.
        null or SeriesStatus.Future or SeriesStatus.Development => [NamesOf(release)[0], "master"],
        // Some components have no branches at all.
        SeriesStatus.Maintained => [.. NamesOf(release), "master"],
        _ => [.. NamesOf(release), .. EndsOf(release, series.Codename)],
    };

    /// <summary>The branch of a series, under the name that it has after the series' end of maintenance, too.</summary>
    /// <param name="orElse">Refs that will do where there is neither.</param>
    /// <exception cref="ProblemException">The remote cannot be reached, or has none of them.</exception>
    public static async Task<ResolvedRef> FindAsync(RefResolver resolver, string component, string remote,
        string release, params IReadOnlyList<string> orElse)
    {
        ProblemException? first = null;
        foreach (var name in (string[])[.. NamesOf(release), .. orElse])
        {
            try
            {
                return (await resolver.ResolveAsync([new RefRequest(component, remote, name)])).Refs[0];
            }
            catch (ProblemException e)
            {
                first ??= e;
            }
        }

        throw new ProblemException(first!.Problems, first);
    }

    /// <summary>The newest tag on the branch of a series.</summary>
    /// <exception cref="ProblemException">There is no branch, or no tagged version on it.</exception>
    public static async Task<ResolvedRef> NewestTagAsync(RefResolver resolver, Mirror mirror, string remote,
        string release)
    {
        var branch = await FindAsync(resolver, mirror.Component, remote, release);
        await mirror.EnsureAsync(branch.Commit);
        using var repository = GitObjects.Open(mirror.Directory);
        return repository.Lookup<Commit>(branch.Commit) is { } head
            && PythonVersion.LastTagOf(repository, head) is { } tag
            ? branch with { Ref = tag, Kind = RefKind.Tag, Commit = repository.Tags[tag]!.PeeledTarget.Sha }
            : throw new ProblemException($"{mirror.Component}: {branch.Ref} has no tagged version",
                $"Name a ref: --ref {mirror.Component}=…");
    }
}
