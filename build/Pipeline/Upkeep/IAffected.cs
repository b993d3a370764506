using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Changes;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>Two states of the repository → the images that differ.</summary>
interface IAffected : IHazScope, IHazJobs, IResolveRefs
{
    [Parameter("Commit, branch or tag that the work tree is compared with; without it, every selected "
        + "image counts as affected")]
    string? Since => TryGetValue(() => Since);

    AbsolutePath AffectedFile => ArtifactsDirectory / "affected.json";

    Target Affected => _ => _
        .Description("Lists the images that changes since --since concern, and why: all services and "
            + "releases, or those selected")
        .Executes(async () =>
        {
            var watch = Stopwatch.StartNew();
            var services = RequireServices(nameof(Affected), ServicesInScope).Select(x => (x.Component, x.Release.Name))
                .ToList();
            var affected = await FindAffectedAsync(services);
            AtomicFile.WriteText(AffectedFile,
                JsonSerializer.Serialize([.. affected], AffectedJson.Default.AffectedImageArray) + "\n");
            Results.Table("Affected", new TextTable(["service", "release", "because of"],
                [.. affected.Select(x => (string[])[x.Service, x.Release, string.Join(", ", x.Because)])]));
            TellReleases(ServicesInScope);
            Log.Information("{Count} of {All} images are affected ({File}, {Time} ms)", affected.Count, services.Count,
                ShownAs(AffectedFile), watch.ElapsedMilliseconds);
            PlanJobs(affected.Select(x => (x.Service, x.Release)));
            ReportSummary(x => x.AddPair("Affected", $"{affected.Count} of {services.Count}"));
        });

    async Task<IReadOnlyList<AffectedImage>> FindAffectedAsync(IReadOnlyList<(string Service, string Release)> inScope)
    {
        IReadOnlyList<AffectedImage> All(string because) =>
            [.. inScope.Select(x => new AffectedImage(x.Service, x.Release, [because]))];

        // What GitHub calls the commit before the first push of a branch.
        if (string.IsNullOrEmpty(Since) || (Since.Length is 40 or 64 && Since.All(x => x == '0')))
            return All("nothing to compare with");
        var earlier = new EarlierState(RootDirectory);
        var commit = await earlier.RequireAsync(Since, "--since");

        using var directory = new ScratchDirectory(TemporaryDirectory);
        await earlier.WriteCatalogAsync(commit, directory.Path);
        // Most of both is waiting for files and programs.
        var (reading, comparing) = (new RepositoryFootprint(Catalog, Distro, RefLocks).ReadAsync(),
            earlier.HasOtherCodeAsync(commit));
        IReadOnlyList<ImageFootprint> before;
        try
        {
            before = await new RepositoryFootprint(CatalogLoader.Load(directory.Path), Distro,
                LocksIn(directory.Path)).ReadAsync();
        }
        catch (ProblemException e)
        {
            Log.Warning("The catalog at {Commit} has mistakes, so every image counts as affected: {Problem}",
                commit[..7], e.Problems[0].ToString());
            return All("nothing to compare with");
        }

        var affected = AffectedImage.Of(await reading, before, await comparing);
        return [.. affected.Where(x => inScope.Contains((x.Service, x.Release)))];
    }

    /// <summary>The locks of the earlier state, where they are part of the repository.</summary>
    AbsolutePath LocksIn(AbsolutePath earlier) =>
        RefLocks == RootDirectory / "releases" ? earlier / "releases" : RefLocks;
}

[JsonSerializable(typeof(AffectedImage[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
sealed partial class AffectedJson : JsonSerializerContext;
