using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Sources;

/// <summary>Commit → tree and version.</summary>
interface ICheckout : IResolveRefs
{
    Target Checkout => _ => _
        .Description("Writes the tree of each commit and computes the version that PBR would give it")
        .DependsOn<IResolveRefs>(x => x.ResolveRefs)
        .Executes(async () =>
        {
            UseGitMirror();
            await EachAsync(Sources, x => x, CheckoutAsync,
                place: (workspace, problem) => RequestOf(workspace).Place(problem));
        });

    async Task CheckoutAsync(Workspace workspace, CancellationToken cancellation)
    {
        var resolved = ResolvedRef.ReadAll(Inputs.Require(workspace.RefsFile, nameof(ResolveRefs)))[0];
        var stage = TreeStageOf(workspace, resolved);
        var mirror = MirrorOf(resolved.Component, resolved.Remote);
        var again = stage.IsUpToDate
            && resolved.Local is null
            && await IsOvertakenAsync(workspace, mirror, cancellation);
        await Stage.MakeAllAsync(again || !stage.IsUpToDate ? [stage] : [], async work =>
        {
            var aside = work[0].Aside;
            Directory.CreateDirectory(aside);
            var source = resolved.Local is null
                ? await CheckoutCommitAsync(resolved, mirror, aside, Catalog.KindOf(workspace.Component), cancellation)
                : await CopyTreeAsync(workspace, resolved, aside, cancellation);
            source.Write(aside / "source.json");
        }, again, () => TellWaitingFor($"checks out {workspace}"), cancellation);
        var source = SourceTree.Read(workspace.CheckoutDirectory / "source.json");
        if (resolved.Local is null) await TellOtherSubmodulesAsync(workspace, mirror, source, cancellation);
        Log.Information("{Workspace}: {Distribution} {Version}", workspace, source.Distribution, source.Version);
    }

    /// <summary>The stage that the tree of a commit is.</summary>
    static Stage TreeStageOf(Workspace workspace, ResolvedRef resolved)
    {
        var inputs = new StageInputs()
            .Add("remote", resolved.Remote)
            .Add("ref", resolved.Ref)
            .Add("commit", resolved.Revision);
        if (resolved.Local is { } local) inputs.Add("content", local.Content);
        return new Stage(workspace.CheckoutDirectory, inputs);
    }

    /// <summary>A plugin may stand for a submodule, at the commit that is named there.</summary>
    async Task TellOtherSubmodulesAsync(Workspace workspace, Mirror mirror, SourceTree source,
        CancellationToken cancellation)
    {
        var plugins = PluginsOf(workspace);
        if (plugins.Count == 0) return;
        var submodules = await Submodule.OfAsync(mirror, source.Source.Commit, cancellation);
        foreach (var (plugin, submodule) in plugins.SelectMany(_ => submodules, (x, y) => (x, y))
            .Where(x => x.y.IsAt(RequestOf(x.x).Remote)))
        {
            var resolved = ResolvedRef.ReadAll(Inputs.Require(plugin.RefsFile, nameof(ResolveRefs)))[0];
            if (submodule.Check(workspace.Component, resolved) is { } problem)
                Log.Warning("{Problem}", RequestOf(plugin).Place(problem));
        }
    }

    static async Task<SourceTree> CheckoutCommitAsync(ResolvedRef resolved, Mirror mirror, AbsolutePath aside,
        ImageKind kind, CancellationToken cancellation)
    {
        var note = await OpenStack.Sources.Checkout.WriteAsync(mirror, resolved.Commit, aside / "tree", null,
            resolved.Change, cancellation);
        if (note is not null) Log.Warning("{Note}", note);
        // A full id that nobody has looked up yet may be that of an annotated tag.
        var commit = await mirror.PeelAsync(resolved.Commit, cancellation) ?? resolved.Commit;
        return SourceTree.Describe(resolved with { Commit = commit }, mirror.Directory, aside / "tree", kind);
    }

    async Task<SourceTree> CopyTreeAsync(Workspace workspace, ResolvedRef resolved, AbsolutePath aside,
        CancellationToken cancellation)
    {
        var tree = workspace.Release.SourceRefs[workspace.Component].LocalTree
            ?? throw new ProblemException($"{workspace.RefsFile} is of a local tree, but none is given",
                "Run the target ResolveRefs first, or do not skip it");
        AbsolutePath view = aside / "view.git";
        var hasHistory = await LocalTree.WriteAsync(resolved, tree, aside / "tree", view, cancellation);
        var source = SourceTree.Describe(resolved, hasHistory ? view : null, aside / "tree",
            Catalog.KindOf(workspace.Component));
        await Removal.RemoveAsync(view);
        return source;
    }

    /// <summary>Whether tags that came since make another version of the same commit.</summary>
    async Task<bool> IsOvertakenAsync(Workspace workspace, Mirror mirror, CancellationToken cancellation)
    {
        var file = workspace.CheckoutDirectory / "source.json";
        var made = SourceTree.Read(file);
        if (mirror.IsBehind && await mirror.EnsureAsync(made.Source.Commit, cancellation) is { } note)
            Log.Warning("{Note}", note);
        return mirror.UpdatedAt > File.GetLastWriteTimeUtc(file)
            && SourceTree.Describe(made.Source, mirror.Directory, workspace.CheckoutDirectory / "tree",
                Catalog.KindOf(workspace.Component)) != made;
    }
}
