using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Images;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Report;
using Serilog;

namespace OpenStack.Pipeline.Reports;

/// <summary>What lies in artifacts/ and in the repository → pages for people.</summary>
interface IReport : IHazScope, IHazImages
{
    Target Report => _ => _
        .Description("Writes artifacts/report/index.html and a page of each image, from what other targets have left "
            + "and what the repository says: all services and releases, or those selected")
        .TryAfter<ICheckPatches>(x => x.CheckPatches)
        .TryAfter<IBuildService>(x => x.BuildService)
        .TryAfter<IJoin>(x => x.Join)
        .TryAfter<ITestImage>(x => x.TestImage)
        .TryAfter<ITestSource>(x => x.TestSource)
        .TryAfter<ITestSet>(x => x.TestSet)
        .TryAfter<ISbom>(x => x.Sbom)
        .TryAfter<IScan>(x => x.Scan)
        .TryAfter<IPush>(x => x.Push)
        .TryAfter<IVerify>(x => x.Verify)
        .Executes(async () =>
        {
            var (watch, directory) = (Stopwatch.StartNew(), new ReportDirectory(ArtifactsDirectory));
            var overview = await Overview.ReadAsync(RootDirectory, directory, DateTimeOffset.UtcNow, ReportedReleases,
                [.. ServicesInScope.Select(PlaceOf), PlaceOf(PythonBase)]);
            var index = directory.Write(overview);
            var built = $"{overview.Built.Count} of {overview.Images.Count}";
            Log.Information("{File}: {Built} images are built ({Time} ms)", ShownAs(index), built,
                watch.ElapsedMilliseconds);
            ReportSummary(x => x.AddPair("Built", $"{built} images"));
        });

    IReadOnlyList<ReportedRelease> ReportedReleases => [.. ServicesInScope.Select(x => x.Release)
        .DistinctBy(x => x.Name).Select(x => new ReportedRelease(x.Name, x.Series?.Title, x.On(Today),
            $"releases/{x.Name}/series.yaml"))];

    ImagePlace PlaceOf(Workspace workspace)
    {
        var source = workspace.Release.SourceRefs[workspace.Component];
        return PlaceOf(BuiltImage.Of(workspace)) with
        {
            Ref = source.Ref,
            RefFile = source.File,
            Components = [.. LibrariesOf(workspace).Prepend(workspace).Select(x => new ComponentPlace(x.Component,
                x.SealedFile, Catalog.Patches.Of(x.Component, x.Release.Name)))],
        };
    }

    ImagePlace PlaceOf(BuiltImage image) => new(image.Name, image.Service?.Release.Name,
        RepositoryName.Of(RepositoryName.Namespace(Registry), image.Name))
    {
        Layout = image.LayoutDirectory,
        Inputs = image.InputsFile,
        Sboms = image.SbomDirectory,
        Scans = image.ScanDirectory,
        Signatures = image.SignaturesDirectory,
        Published = image.PublishedFile,
        Notes = image.NotesDirectory / IHazNotes.NotesFile,
        PartOf = image.PartOf,
        BuiltBy = image.Service is null ? nameof(IBuildBase.BuildBase) : nameof(IBuildService.BuildService),
        TestsOf = platform => image.Service is null ? [] :
        [
            (nameof(ITestImage.TestImage), image.TestResultOf(platform)),
            (nameof(ITestSource.TestSource), image.SourceTestResultOf(platform)),
            (nameof(ITestSet.TestSet), image.SetTestResultOf(platform)),
        ],
    };
}
