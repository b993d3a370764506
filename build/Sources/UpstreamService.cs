using LibGit2Sharp;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>What the repository of a service says of it at one ref.</summary>
/// <param name="Ref">The ref.</param>
/// <param name="Distribution">Name of its Python distribution.</param>
/// <param name="Scripts">Scripts that are installed with it.</param>
/// <param name="Wsgi">Modules whose top level binds <c>application</c>.</param>
public sealed record UpstreamService(string Ref, string Distribution, IReadOnlyList<string> Scripts, IReadOnlyList<string> Wsgi)
{
    /// <summary>Looks it up at a ref, or, without one, at the newest tag of a release's series.</summary>
    /// <param name="release">The release.</param>
    /// <param name="aside">A directory that does not exist, for its tree.</param>
    /// <exception cref="ProblemException">The remote cannot be reached, or has neither the ref nor the series.</exception>
    public static async Task<UpstreamService> LookUpAsync(RefResolver resolver, Mirror mirror, string remote, string release, string? reference, AbsolutePath aside)
    {
        var resolved = reference is null
            ? await SeriesAsync(resolver, mirror.Component, remote, release)
            : (await resolver.ResolveAsync([new RefRequest(mirror.Component, remote, reference)])).Refs[0];
        await mirror.EnsureAsync(resolved.Commit);
        using var repository = new Repository(mirror.Directory);
        var commit = repository.Lookup<Commit>(resolved.Commit)
            ?? throw new ProblemException($"{mirror.Component}: {resolved.Commit} is no commit", "Write a branch, a tag or a commit SHA");
        var tag = reference is null ? PythonVersion.LastTagOf(repository, commit) : null;
        if (reference is null && tag is null) throw new ProblemException($"{mirror.Component}: {resolved.Ref} has no tagged version", $"Name a ref: --ref {mirror.Component}=…");
        try
        {
            await Checkout.WriteAsync(mirror, tag is null ? resolved.Commit : repository.Tags[tag]!.PeeledTarget.Sha, aside);
            return new UpstreamService(reference ?? tag!, ProjectMetadata.Read(aside).Name, EntryPointScan.Scripts(aside), EntryPointScan.WsgiModules(aside));
        }
        finally
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>The branch of a series, under the name that it has after the series' end of maintenance, too.</summary>
    static async Task<ResolvedRef> SeriesAsync(RefResolver resolver, string component, string remote, string release)
    {
        try
        {
            return (await resolver.ResolveAsync([new RefRequest(component, remote, $"stable/{release}")])).Refs[0];
        }
        catch (ProblemException)
        {
            if (await TryResolveAsync(resolver, new RefRequest(component, remote, $"unmaintained/{release}")) is { } unmaintained) return unmaintained;
            throw;
        }
    }

    static async Task<ResolvedRef?> TryResolveAsync(RefResolver resolver, RefRequest request)
    {
        try
        {
            return (await resolver.ResolveAsync([request])).Refs[0];
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
