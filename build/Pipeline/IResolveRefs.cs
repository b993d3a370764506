using Nuke.Common;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>Branch, tag or SHA → commit.</summary>
interface IResolveRefs : IHazSources
{
    Target ResolveRefs => _ => _
        .Description("Resolves the source ref of each selected service, and of the libraries, to a commit")
        .Executes(async () =>
        {
            UseGitMirror();
            var stages = Sources.Select(x => (Request: RequestOf(x), x.RefsFile)).ToDictionary(x => StageOf(x.Request, x.RefsFile), x => x.Request);
            // A tag or a commit stays what it is; a branch moves.
            var open = stages.Keys.Where(x => !x.IsUpToDate || ResolvedRef.ReadAll(x.Output)[0].Kind == RefKind.Branch).ToList();
            await Stage.MakeAllAsync(open, async work =>
            {
                var resolution = await new RefResolver(MirrorsDirectory).ResolveAsync([.. work.Select(x => stages[x.Stage])]);
                foreach (var note in resolution.Notes) Log.Warning("{Note}", note);
                foreach (var ((_, aside), resolved) in work.Zip(resolution.Refs)) ResolvedRef.WriteAll(aside, [resolved]);
            }, again: true);
            foreach (var resolved in stages.Keys.Select(x => ResolvedRef.ReadAll(x.Output)[0]))
            {
                Log.Information("{Component} {Ref} is {Kind} {Commit}", resolved.Component, resolved.Ref, resolved.Kind.ToString().ToLowerInvariant(), resolved.Commit);
            }
        });

    static Stage StageOf(RefRequest request, Nuke.Common.IO.AbsolutePath file) => new(file, new StageInputs()
        .Add("remote", request.Remote)
        .Add("ref", request.Ref));
}
