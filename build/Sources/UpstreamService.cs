using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>What the repository of a service says of it at one ref.</summary>
/// <param name="Ref">The ref.</param>
/// <param name="Distribution">Name of its Python distribution.</param>
/// <param name="Scripts">Scripts that are installed with it.</param>
/// <param name="Wsgi">Modules whose top level binds <c>application</c>.</param>
public sealed record UpstreamService(string Ref, string Distribution, IReadOnlyList<string> Scripts,
    IReadOnlyList<string> Wsgi)
{
    /// <summary>Looks it up at a ref, or, without one, at the newest tag of a release's series.</summary>
    /// <param name="release">The release.</param>
    /// <param name="aside">A directory that does not exist, for its tree.</param>
    /// <exception cref="ProblemException">
    /// The remote cannot be reached, or has neither the ref nor the series.
    /// </exception>
    public static async Task<UpstreamService> LookUpAsync(RefResolver resolver, Mirror mirror, string remote,
        string release, string? reference, AbsolutePath aside)
    {
        var found = reference is null
            ? await SeriesBranch.NewestTagAsync(resolver, mirror, remote, release)
            : (await resolver.ResolveAsync([new RefRequest(mirror.Component, remote, reference)])).Refs[0];
        await mirror.EnsureAsync(found.Commit);
        try
        {
            await Checkout.WriteAsync(mirror, found.Commit, aside);
            return new UpstreamService(found.Ref, ProjectMetadata.Read(aside).Name, EntryPointScan.Scripts(aside),
                EntryPointScan.WsgiModules(aside));
        }
        finally
        {
            await Removal.RemoveAsync(aside);
        }
    }
}
