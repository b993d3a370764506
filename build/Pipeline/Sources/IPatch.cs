using Nuke.Common;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Sources;

/// <summary>Tree → patched, sealed tree.</summary>
interface IPatch : ICheckout
{
    Target Patch => _ => _
        .Description("Applies patches/<component>/<release>/*.patch and seals the tree as one commit")
        .DependsOn<ICheckout>(x => x.Checkout)
        .Executes(() => EachAsync(Sources, x => x, PatchAsync));

    async Task PatchAsync(Workspace workspace, CancellationToken cancellation)
    {
        var sourceFile = Inputs.Require(workspace.CheckoutDirectory / "source.json", nameof(Checkout));
        var series = new PatchSeries(workspace.Component, workspace.Release.Name,
            Catalog.Patches.Of(workspace.Component, workspace.Release.Name));
        var inputs = new StageInputs().Add("checkout", Digest.OfFile(sourceFile));
        foreach (var file in series.Files) inputs.Add(series.Label(file), Digest.OfFile(file));
        await new Stage(workspace.SourceDirectory, inputs).MakeAsync(async aside =>
        {
            Directory.CreateDirectory(aside);
            var sealedTree = await SealedTree.MakeAsync(SourceTree.Read(sourceFile),
                workspace.CheckoutDirectory / "tree", series, aside / "tree", cancellation);
            sealedTree.Write(aside / "sealed.json");
        }, cancellation: cancellation);
        foreach (var patch in series.Files) Log.Information("{Workspace}: {Patch}", workspace, series.Label(patch));
    }

    /// <exception cref="Diagnostics.ProblemException">It is not there.</exception>
    static SealedTree SealedOf(Workspace workspace) =>
        SealedTree.Read(Inputs.Require(workspace.SealedFile, nameof(Patch)));
}
