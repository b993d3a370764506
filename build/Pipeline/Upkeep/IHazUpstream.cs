using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Indexes;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sources;
using OpenStack.Updates;
using OpenStack.Workflows;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>What upstream says of the releases that a run is about; from git repositories alone.</summary>
interface IHazUpstream : IHazSources, IHazScope, IHazImages, IHazIndexes
{
    /// <summary>
    /// What openstack/releases says of all that is selected; null, and a problem, where it cannot be had.
    /// </summary>
    async Task<ReleaseData?> ReadReleaseDataAsync(RefResolver resolver, Survey survey)
    {
        try
        {
            var remote = RemoteOf(ReleaseData.Repository);
            var data = await ReleaseData.ReadNewestAsync(resolver, MirrorOf(ReleaseData.Repository, remote), remote,
                [.. Scope.SelectMany(x => NamesOf(x).Select(y => (x.Release.Name, y))).Distinct()]);
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

    /// <summary>
    /// What openstack/releases may know a component by: its repository's name, or, of a fork, its own. The other way
    /// round, openstackclient would be a deliverable that python-openstackclient is not.
    /// </summary>
    IEnumerable<string> NamesOf(Workspace workspace) =>
        ((string[])[RemoteUrl.NameOf(RequestOf(workspace).Remote), workspace.Component]).Distinct();

    /// <summary>Whether a repository is not with all the others: its tags may be its own.</summary>
    bool IsElsewhere(string remote) => !remote.StartsWith($"{GitBase}/", StringComparison.Ordinal);

    /// <summary>Compares all refs that are selected with the versions of their releases.</summary>
    Task<Finding[]> FindRefsAsync(RefResolver resolver, ReleaseData? data, Survey survey) =>
        Task.WhenAll(Scope.Select(workspace =>
        {
            var (request, release) = (RequestOf(workspace), workspace.Release.Name);
            var pinned = new Finding(Subject.Refs, release, request.Component, request.Ref, FindingState.Unknown,
                File: request.File, Line: request.Line);
            return survey.LookUpAsync(pinned, () => new RefCheck(resolver, MirrorOf).RunAsync(request,
                release, IsElsewhere(request.Remote),
                NamesOf(workspace).Select(x => data?.Deliverables.GetValueOrDefault((release, x)))
                    .FirstOrDefault(x => x is not null),
                data is null ? $"what openstack/{ReleaseData.Repository} says is not known" : null));
        }));

    /// <summary>
    /// The upper constraints that openstack/requirements has for a release; those of its last state where it has ended.
    /// </summary>
    /// <param name="before">No commit that is younger.</param>
    /// <returns>Null where all are; never where age does not count.</returns>
    /// <exception cref="ProblemException">It cannot be had.</exception>
    async Task<UpstreamConstraints?> ReadUpstreamConstraintsAsync(RefResolver resolver, string release, Series? series,
        DateTimeOffset? before = null)
    {
        var remote = RemoteOf(ConstraintsCheck.Repository);
        var mirror = MirrorOf(ConstraintsCheck.Repository, remote);
        var branch = await SeriesBranch.FindAsync(resolver, ConstraintsCheck.Repository, remote, release,
            series?.Status == SeriesStatus.Development ? ["master"] : SeriesBranch.EndsOf(release, series?.Codename));
        return await UpstreamConstraints.ReadAsync(mirror, branch, before);
    }

    /// <summary>Compares the overrides of a release, and where asked its build constraints, with upper constraints and
    /// with the index.</summary>
    async Task<(IReadOnlyList<Finding> Findings, IReadOnlyList<Problem> Problems)> FindPinsAsync(Release release,
        UpperConstraints upper, IndexList indexes, bool ofBuilds)
    {
        var file = ofBuilds ? release.BuildConstraintsFile : null;
        var check = new PythonPinCheck(indexes.VersionsAsync, PythonOfImages);
        return await check.RunAsync(release.Name, upper, OverridesOf(release), file is null ? null
            : BuildConstraints.Read(file, ShownAs(file)), file is null ? null : ShownAs(file));
    }

    /// <summary>The Python of the images that are published; of those of this run where it says for which
    /// platforms.</summary>
    ImagePython PythonOfImages => ImagePython.Of(
        Distro,
        Platform.Length == 0 && File.Exists(RootDirectory / BuildPlatforms.Place)
            ? [.. BuildPlatforms.Read(RootDirectory).Select(x => x.Platform)] : Platforms,
        () => PythonBase.IsBuilt ? ImageContents.Of(PythonBase.Open()).Python : null);

    ConstraintOverrides? OverridesOf(Release release) =>
        release.OverridesFile is { } file ? ConstraintOverrides.Read(file, ShownAs(file)) : null;
}
