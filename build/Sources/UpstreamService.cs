using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>What the repository of a service says of it at one ref.</summary>
public static class UpstreamService
{
    /// <summary>Looks it up at a ref, or, without one, at the newest tag of a release's series.</summary>
    /// <param name="release">The release.</param>
    /// <param name="aside">A directory that does not exist, for what is read of its tree.</param>
    /// <returns>Null where there is nothing that Python could start.</returns>
    /// <exception cref="ProblemException">
    /// The remote cannot be reached, has neither the ref nor the series, or names no Python distribution.
    /// </exception>
    public static async Task<NewComponent?> LookUpAsync(RefResolver resolver, Mirror mirror, string remote,
        string release, string? reference, AbsolutePath aside)
    {
        var found = reference is null
            ? await SeriesBranch.NewestTagAsync(resolver, mirror, remote, release)
            : (await resolver.ResolveAsync([new RefRequest(mirror.Component, remote, reference)])).Refs[0];
        await mirror.EnsureAsync(found.Commit);
        try
        {
            await PartialTree.WriteAsync(mirror, found.Commit, ServiceScan.IsWanted, aside);
            return ServiceScan.Read(aside, mirror.Component) is var (entryPoints, traits)
                ? new NewComponent(found.Ref, entryPoints) { Traits = traits }
                : null;
        }
        finally
        {
            await Removal.RemoveAsync(aside);
        }
    }
}
