using Nuke.Common;
using Nuke.Common.IO;
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
            await Problems.CollectAsync(Sources, CheckoutAsync,
                place: (workspace, problem) => RequestOf(workspace).Place(problem));
        });

    async Task CheckoutAsync(Workspace workspace, CancellationToken cancellation)
    {
        var resolved = ResolvedRef.ReadAll(Inputs.Require(workspace.RefsFile, nameof(ResolveRefs)))[0];
        var inputs = new StageInputs()
            .Add("remote", resolved.Remote)
            .Add("ref", resolved.Ref)
            .Add("commit", resolved.Revision);
        if (resolved.Local is { } local) inputs.Add("content", local.Content);
        var stage = new Stage(workspace.CheckoutDirectory, inputs);
        var mirror = MirrorOf(resolved.Component, resolved.Remote);
        var again = stage.IsUpToDate
            && resolved.Local is null
            && await IsOvertakenAsync(workspace, mirror, cancellation);
        await Stage.MakeAllAsync(again || !stage.IsUpToDate ? [stage] : [], async work =>
        {
            var aside = work[0].Aside;
            Directory.CreateDirectory(aside);
            var source = resolved.Local is null
                ? await CheckoutCommitAsync(resolved, mirror, aside, cancellation)
                : await CopyTreeAsync(workspace, resolved, aside, cancellation);
            source.Write(aside / "source.json");
        }, again,
            () => Log.Information("Another run checks out {Workspace}; waiting for it ...", workspace), cancellation);
        var source = SourceTree.Read(workspace.CheckoutDirectory / "source.json");
        Log.Information("{Workspace}: {Distribution} {Version}", workspace, source.Distribution, source.Version);
    }

    static async Task<SourceTree> CheckoutCommitAsync(ResolvedRef resolved, Mirror mirror, AbsolutePath aside,
        CancellationToken cancellation)
    {
        var reference = resolved.Kind == RefKind.Branch && resolved.Ref.StartsWith("refs/", StringComparison.Ordinal)
            ? resolved.Ref : null;
        var note = await OpenStack.Sources.Checkout.WriteAsync(mirror, resolved.Commit, aside / "tree", null, reference,
            cancellation);
        if (note is not null) Log.Warning("{Note}", note);
        // A full id that nobody has looked up yet may be that of an annotated tag.
        var commit = await mirror.PeelAsync(resolved.Commit, cancellation) ?? resolved.Commit;
        return SourceTree.Describe(resolved with { Commit = commit }, mirror.Directory, aside / "tree");
    }

    static async Task<SourceTree> CopyTreeAsync(Workspace workspace, ResolvedRef resolved, AbsolutePath aside,
        CancellationToken cancellation)
    {
        var tree = workspace.Release.SourceRefs[workspace.Component].LocalTree
            ?? throw new ProblemException($"{workspace.RefsFile} is of a local tree, but none is given",
                "Run the target ResolveRefs first, or do not skip it");
        AbsolutePath view = aside / "view.git";
        var hasHistory = await LocalTree.WriteAsync(resolved, tree, aside / "tree", view, cancellation);
        var source = SourceTree.Describe(resolved, hasHistory ? view : null, aside / "tree");
        await Removal.RemoveAsync(view);
        return source;
    }

    /// <summary>Whether tags that came since make another version of the same commit.</summary>
    static async Task<bool> IsOvertakenAsync(Workspace workspace, Mirror mirror, CancellationToken cancellation)
    {
        var file = workspace.CheckoutDirectory / "source.json";
        var made = SourceTree.Read(file);
        if (mirror.IsBehind && await mirror.EnsureAsync(made.Source.Commit, cancellation) is { } note)
            Log.Warning("{Note}", note);
        return mirror.UpdatedAt > File.GetLastWriteTimeUtc(file)
            && SourceTree.Describe(made.Source, mirror.Directory, workspace.CheckoutDirectory / "tree") != made;
    }
}
