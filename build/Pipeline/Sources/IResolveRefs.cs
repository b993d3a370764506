using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Sources;

/// <summary>Branch, tag or SHA → commit.</summary>
interface IResolveRefs : IHazSources, IHazRecords
{
    [Parameter("Fails where a tag is not recorded yet, instead of recording it")]
    bool Locked => TryGetValue<bool?>(() => Locked) ?? false;

    Target ResolveRefs => _ => _
        .Description("Resolves the source ref of each selected service, and of the libraries, to a commit")
        .Executes(async () =>
        {
            UseGitMirror();
            var locks = Sources.Select(x => x.Release.Name).Distinct().ToDictionary(x => x, ReadLock);
            var requests =
                Sources.Select(x => (Workspace: x, Request: WithRecorded(RequestOf(x), locks[x.Release.Name])))
                    .ToList();
            if (Hermetic) await TakeLockedAsync(requests);
            else await ResolveAsync(requests);
            var resolved = requests.Where(x => Sources.Contains(x.Workspace)).ToList();
            foreach (var (workspace, request) in resolved) Tell(workspace, request);
            await RecordAsync(resolved);
        });

    /// <summary>What is not final is looked up, all of it side by side.</summary>
    async Task ResolveAsync(IReadOnlyList<(Workspace Workspace, RefRequest Request)> requests)
    {
        var resolver = new RefResolver(MirrorsDirectory);
        await TogetherAsync(requests, x => $"{x.Workspace}", x => [x.Workspace], x => ResolveAsync(resolver, x));
    }

    static async Task<bool> ResolveAsync(RefResolver resolver,
        IEnumerable<(Workspace Workspace, RefRequest Request)> requests)
    {
        var stages = requests.ToDictionary(x => StageOf(x.Request, x.Workspace.RefsFile), x => x.Request);
        await Stage.MakeAllAsync([.. stages.Where(x => !IsFinal(x.Key, x.Value)).Select(x => x.Key)], async work =>
        {
            var resolution = await resolver.ResolveAsync([.. work.Select(x => stages[x.Stage])]);
            foreach (var note in resolution.Notes) Log.Warning("{Note}", note);
            foreach (var ((_, aside), resolved) in work.Zip(resolution.Refs)) ResolvedRef.WriteAll(aside, [resolved]);
        }, again: true);
        return true;
    }

    /// <summary>A ref means the commit that is locked, and nobody is asked.</summary>
    async Task TakeLockedAsync(IReadOnlyList<(Workspace Workspace, RefRequest Request)> requests)
    {
        var local = requests.Where(x => x.Request.LocalTree is not null).ToList();
        await ResolveAsync(local);
        var commits = Selection.GroupBy(x => x.Release.Name).ToDictionary(x => x.Key,
            x => LockedCommits.Read(RefLocks, x.Key, [.. x.Select(y => y.Component)], ShownAs));
        await EachAsync(requests.Except(local), x => x.Workspace, async (x, token) =>
        {
            var locked = commits[x.Workspace.Release.Name].Of(x.Request.Component, x.Request.Names);
            var resolved = await RefResolver.LockedAsync(x.Request with { Ref = locked.Ref },
                MirrorOf(x.Request.Component, x.Request.Remote), locked.Commit, token);
            await Stage.MakeAllAsync([StageOf(x.Request, x.Workspace.RefsFile)], work =>
            {
                ResolvedRef.WriteAll(work[0].Aside, [resolved]);
                return Task.CompletedTask;
            }, again: true, cancellation: token);
        }, place: (x, problem) => x.Request.Place(problem));
    }

    static void Tell(Workspace workspace, RefRequest request)
    {
        var resolved = ResolvedRef.ReadAll(workspace.RefsFile)[0];
        var meant = workspace.Release.SourceRefs[workspace.Component].Ref;
        if (request.Ref != meant)
            Log.Information("{Workspace}: {Ref} stands in for {Meant}", workspace, request.Ref, meant);
        Log.Information("{Workspace}: {Ref} is {Kind} {Commit}", workspace,
            request.LocalTree?.ToString() ?? resolved.Ref,
            resolved.Kind.ToString().ToLowerInvariant(), resolved.Revision);
    }

    static Stage StageOf(RefRequest request, AbsolutePath file) => new(file, new StageInputs()
        .Add("remote", request.Remote)
        .Add("ref", request.LocalTree is null ? request.Ref : "local tree"));

    /// <summary>What the ref of a component leads to, as far as that is known here: what it was resolved to, or what is
    /// recorded of a tag.</summary>
    /// <exception cref="ProblemException">It has to be looked up.</exception>
    ResolvedRef ResolvedOf(Workspace workspace, RefLock recorded)
    {
        var request = WithRecorded(RequestOf(workspace), recorded);
        if (File.Exists(workspace.RefsFile) && ResolvedRef.ReadAll(workspace.RefsFile)[0] is var resolved
            && request.IsResolvedBy(resolved)) return resolved;
        return request.Known
            ?? throw new ProblemException("nobody has looked up where its ref leads", "Run the target ResolveRefs");
    }

    static RefRequest WithRecorded(RefRequest request, RefLock recorded) =>
        request with { Locked = recorded.Find(request.Component, request.Ref) };

    /// <summary>
    /// A commit stays what it is, and so does a tag that is recorded; a branch moves, and so does a local tree.
    /// </summary>
    static bool IsFinal(Stage stage, RefRequest request) =>
        stage.IsUpToDate && ResolvedRef.ReadAll(stage.Output)[0] switch
        {
            { Kind: RefKind.Commit } => true,
            { Kind: RefKind.Tag, Commit: var commit } => request.Locked?.Commit == commit,
            _ => false,
        };

    /// <summary>
    /// Records the tags of source-refs.yaml. What the command line gives in their place is nobody else's concern.
    /// </summary>
    async Task RecordAsync(IReadOnlyList<(Workspace Workspace, RefRequest Request)> requests)
    {
        var problems = new List<Problem>();
        // Not beside the lock: that directory is under version control.
        using var held = await FileLock.AcquireAsync(TemporaryDirectory / "source-refs.lock");
        foreach (var release in requests.GroupBy(x => x.Workspace.Release.Name))
        {
            var written = Catalog.Releases[release.Key].SourceRefs;
            var found = release
                .Where(x => written.TryGetValue(x.Request.Component, out var source)
                    && source == x.Workspace.Release.SourceRefs[source.Component]
                    && source.Ref == x.Request.Ref)
                .Select(x => ResolvedRef.ReadAll(x.Workspace.RefsFile)[0])
                // What takes the place of a branch is no tag that anybody has written.
                .Where(x => x.Kind == RefKind.Tag && x.Ref == written[x.Component].Ref)
                .Select(x => new LockedRef(x.Component, RefLock.TagOf(x.Ref), x.Commit));
            var recorded = ReadLock(release.Key);
            var now = recorded.With(found, written);
            if (now.ToText() == recorded.ToText()) continue;
            var changes = now.ChangesSince(recorded);
            if (Locked)
                problems.AddRange(changes.Select(x => new Problem(x, ShownAs(LockFile(release.Key)),
                    Remedy: "Run ./build.sh ResolveRefs without --locked and commit the file")));
            else now.Write(LockFile(release.Key));
            foreach (var change in changes.Where(_ => !Locked))
                Log.Information("{File}: {Change}", ShownAs(LockFile(release.Key)), change);
        }

        ProblemException.ThrowIfAny(problems);
    }

    RefLock ReadLock(string release) => RefLock.Read(LockFile(release), ShownAs(LockFile(release)));

    AbsolutePath LockFile(string release) => RefLocks / release / RefLock.Name;
}
