using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Changes;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Layers;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>Built images → <c>closures.lock.yaml</c>, <c>layers.yaml</c>.</summary>
interface IRecordClosures : IBuildService
{
    Target RecordClosures => _ => _
        .Description("Records which Python distributions the selected images have, so that Affected knows which of "
            + "them a changed pin concerns, and with --layers which packages they have in layers that they share")
        .DependsOn<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            if (Ref.Length > 0 || Source.Length > 0)
                throw new ProblemException("Images of other refs than those in source-refs.yaml are not recorded",
                    "Leave out --ref and --source");
            using var held = await FileLock.AcquireAsync(TemporaryDirectory / "closures.lock");
            await RecordClosuresAsync();
            if (Layers) await RecordLayersAsync();
        });

    [Parameter("RecordClosures: plans the layers that the selected images share, all of them anew")]
    bool Layers => TryGetValue<bool?>(() => Layers) ?? false;

    async Task RecordClosuresAsync()
    {
        var footprints = (await new RepositoryFootprint(Catalog, Distro, RefLocks).ReadAsync())
            .ToDictionary(x => (x.Service, x.Release));
        foreach (var release in RequireServices(nameof(RecordClosures), PythonSelection).GroupBy(x => x.Release.Name))
        {
            var file = RefLocks / release.Key / ClosureLock.Name;
            var recorded = ClosureLock.Read(file, ShownAs(file));
            Write(file, recorded.ToText(), recorded.With([.. release
                .Select(x => ClosureOf(x, footprints[(x.Component, x.Release.Name)]))]).ToText());
        }
    }

    /// <summary>Of one platform: packages have the same names on all.</summary>
    async Task RecordLayersAsync()
    {
        foreach (var release in RequireServices(nameof(RecordClosures), Selection).GroupBy(x => x.Release.Name))
        {
            var images = release.Select(x => ImageOf(x, Platforms[0])).ToList();
            var plan = LayerPlanner.Plan(await BasesFor(Platforms[0]).PackagesOfAsync(images));
            var file = RefLocks / release.Key / LayerPlan.Name;
            Write(file, LayerPlan.Read(file, ShownAs(file))?.ToText(), plan.ToText());
        }
    }

    void Write(AbsolutePath file, string? before, string text)
    {
        if (text != before) AtomicFile.WriteText(file, text);
        Log.Information("{File}: {State}", ShownAs(file), text != before ? "recorded" : "nothing new");
    }

    static LockedClosure ClosureOf(Workspace workspace, ImageFootprint footprint)
    {
        var names = ImageContents.Of(BuiltImage.Of(workspace).Open()).Distributions;
        return new LockedClosure(workspace.Component, footprint.InputsOf(names),
            [.. names.Select(x => x.Value).Order(StringComparer.Ordinal)]);
    }
}
