using Nuke.Common;
using OpenStack.Catalog;
using OpenStack.Changes;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>Built images → <c>closures.lock.yaml</c>.</summary>
interface IRecordClosures : IBuildService
{
    Target RecordClosures => _ => _
        .Description("Records which Python distributions the selected images have, so that Affected knows which of "
            + "them a changed pin concerns")
        .DependsOn<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            if (Ref.Length > 0 || Source.Length > 0)
                throw new ProblemException("Images of other refs than those in source-refs.yaml are not recorded",
                    "Leave out --ref and --source");
            var footprints = (await new RepositoryFootprint(Catalog, Distro, RefLocks).ReadAsync())
                .ToDictionary(x => (x.Service, x.Release));
            using var held = await FileLock.AcquireAsync(TemporaryDirectory / "closures.lock");
            foreach (var release in RequireServices(nameof(RecordClosures), PythonSelection)
                .GroupBy(x => x.Release.Name))
                Record(release.Key, [.. release.Select(x => ClosureOf(x, footprints[(x.Component, x.Release.Name)]))]);
        });

    void Record(string release, IReadOnlyList<LockedClosure> closures)
    {
        var file = RefLocks / release / ClosureLock.Name;
        var recorded = ClosureLock.Read(file, ShownAs(file));
        var now = recorded.With(closures);
        var isNew = now.ToText() != recorded.ToText();
        if (isNew) AtomicFile.WriteText(file, now.ToText());
        Log.Information("{File}: {State}", ShownAs(file),
            isNew ? $"recorded {string.Join(", ", closures.Select(x => x.Service))}" : "nothing new");
    }

    static LockedClosure ClosureOf(Workspace workspace, ImageFootprint footprint)
    {
        var names = ImageContents.Of(BuiltImage.Of(workspace).Open()).Distributions;
        return new LockedClosure(workspace.Component, footprint.InputsOf(names),
            [.. names.Select(x => x.Value).Order(StringComparer.Ordinal)]);
    }
}
