using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Updates;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>What upstream says of the releases that a run is about; from git repositories alone.</summary>
interface IHazUpstream : IHazSources, IHazScope
{
    /// <summary>What openstack/releases says of all that is selected; null, and a problem, where it cannot be had.</summary>
    async Task<ReleaseData?> ReadReleaseDataAsync(RefResolver resolver, Survey survey)
    {
        try
        {
            var remote = RemoteOf(ReleaseData.Repository);
            var head = (await resolver.ResolveAsync([new RefRequest(ReleaseData.Repository, remote, "master")])).Refs[0];
            var data = await ReleaseData.ReadAsync(MirrorOf(ReleaseData.Repository, remote), head.Commit, [.. Scope.Select(x => (x.Release.Name, x.Component))]);
            Log.Verbose("openstack/{Repository} is at {Commit}", ReleaseData.Repository, data.Commit);
            survey.Add([], data.Problems);
            return data;
        }
        catch (ProblemException e)
        {
            survey.Add([], e.Problems);
            return null;
        }
    }

    /// <summary>Compares all refs that are selected with the versions of their releases.</summary>
    Task<Finding[]> FindRefsAsync(RefResolver resolver, ReleaseData? data, Survey survey) => Task.WhenAll(Scope.Select(workspace =>
    {
        var (request, release) = (RequestOf(workspace), workspace.Release.Name);
        var pinned = new Finding(Subject.Refs, release, request.Component, request.Ref, FindingState.Unknown, File: request.File, Line: request.Line);
        return survey.LookUpAsync(pinned, () => new RefCheck(resolver, MirrorOf).RunAsync(
            request, release, workspace.Release.SourceRefs[workspace.Component].Url is not null, data?.Deliverables.GetValueOrDefault((release, request.Component))));
    }));

    /// <summary>The upper constraints that openstack/requirements has for a release; those of its last state where it has ended.</summary>
    /// <param name="before">No commit that is younger.</param>
    /// <exception cref="ProblemException">It cannot be had.</exception>
    async Task<UpstreamConstraints> ReadUpstreamConstraintsAsync(RefResolver resolver, string release, Series? series, DateTimeOffset? before = null)
    {
        var remote = RemoteOf(ConstraintsCheck.Repository);
        var mirror = MirrorOf(ConstraintsCheck.Repository, remote);
        string[] orElse = series?.Status == "development" ? ["master"] : [$"{release}-eol", $"{release}-eom"];
        var branch = await SeriesBranch.FindAsync(resolver, ConstraintsCheck.Repository, remote, release, orElse);
        return await UpstreamConstraints.ReadAsync(mirror, branch, before);
    }

    ConstraintOverrides? OverridesOf(Release release) => release.OverridesFile is { } file ? ConstraintOverrides.Read(file, ShownAs(file)) : null;
}
