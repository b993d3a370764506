using Nuke.Common;
using Nuke.Common.IO;
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
        var series = SeriesOf(workspace);
        await SealedStageOf(workspace).MakeAsync(async aside =>
        {
            Directory.CreateDirectory(aside);
            var sealedTree = await SealedTree.MakeAsync(SourceTree.Read(SourceFileOf(workspace)),
                workspace.CheckoutDirectory / "tree", series, aside / "tree", cancellation);
            sealedTree.Write(aside / "sealed.json");
        }, cancellation: cancellation);
        foreach (var patch in series.Files) Log.Information("{Workspace}: {Patch}", workspace, series.Label(patch));
    }

    PatchSeries SeriesOf(Workspace workspace) => new(workspace.Component, workspace.Release.Name,
        Catalog.Patches.Of(workspace.Component, workspace.Release.Name));

    /// <summary>The stage that the sealed tree is.</summary>
    /// <exception cref="Diagnostics.ProblemException">The tree of the commit is not there.</exception>
    Stage SealedStageOf(Workspace workspace)
    {
        var series = SeriesOf(workspace);
        var inputs = new StageInputs().Add("checkout", Digest.OfFile(SourceFileOf(workspace)));
        foreach (var file in series.Files) inputs.Add(series.Label(file), Digest.OfFile(file));
        return new Stage(workspace.SourceDirectory, inputs);
    }

    static AbsolutePath SourceFileOf(Workspace workspace) =>
        Inputs.Require(workspace.CheckoutDirectory / "source.json", nameof(Checkout));

    /// <exception cref="Diagnostics.ProblemException">It is not there.</exception>
    static SealedTree SealedOf(Workspace workspace) =>
        SealedTree.Read(Inputs.Require(workspace.SealedFile, nameof(Patch)));
}
