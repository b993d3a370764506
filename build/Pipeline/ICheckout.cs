using Nuke.Common;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>Commit → tree and version.</summary>
interface ICheckout : IResolveRefs
{
    Target Checkout => _ => _
        .Description("Writes the tree of each commit and computes the version that PBR would give it")
        .DependsOn<IResolveRefs>(x => x.ResolveRefs)
        .Executes(async () =>
        {
            UseGitMirror();
            await Parallel.ForEachAsync(Sources, async (workspace, cancellation) =>
            {
                var resolved = ResolvedRef.ReadAll(Inputs.Require(workspace.RefsFile, nameof(ResolveRefs)))[0];
                var stage = new Stage(workspace.CheckoutDirectory, new StageInputs()
                    .Add("remote", resolved.Remote)
                    .Add("ref", resolved.Ref)
                    .Add("commit", resolved.Commit));
                await stage.MakeAsync(async aside =>
                {
                    var mirror = new Mirror(MirrorsDirectory, resolved.Component, resolved.Remote, onLine: new Progress().Report);
                    Directory.CreateDirectory(aside);
                    if (await OpenStack.Sources.Checkout.WriteAsync(mirror, resolved.Commit, aside / "tree", cancellation: cancellation) is { } note) Log.Warning("{Note}", note);
                    SourceTree.Describe(resolved, mirror.Directory, aside / "tree").Write(aside / "source.json");
                }, () => Log.Information("Another run checks out {Workspace}; waiting for it ...", workspace), cancellation);
                var source = SourceTree.Read(workspace.CheckoutDirectory / "source.json");
                Log.Information("{Workspace}: {Distribution} {Version}", workspace, source.Distribution, source.Version);
            });
        });
}
