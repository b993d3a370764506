using System.Text.RegularExpressions;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.UpstreamTests;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>Upstream's own tests of what is built from source, in what ships.</summary>
interface ITestSource : IBuildService, IHazTestResults
{
    [Parameter("Runs the tests of patches alone: those that each adds or changes, without it and with it")]
    bool OnlyPatches => TryGetValue<bool?>(() => OnlyPatches) ?? false;

    [Parameter("Regular expression of the tests to run - Default is all of them")]
    string? Filter => TryGetValue(() => Filter);

    [Parameter("Seconds that one test may take before it counts as hanging - Default is 300")]
    int TestTimeout => TryGetValue<int?>(() => TestTimeout) ?? 300;

    Target TestSource => _ => _
        .Description("Runs upstream's own tests of the selected services, and of the libraries that are built from "
            + "source for them, in their images; first those of the patches, without each and with it")
        .DependsOn<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            var request = RequestOfTests;
            var results = new List<SourceTestResult>();
            foreach (var platform in Platforms) results.AddRange(await TestSourceAsync(platform, request));
            Results.Table("Patches, by their own tests", SourceTestTable.OfPatches(results), x => x[0] == "FAIL");
            Results.Table("Upstream's tests", SourceTestTable.Of(results));
            ReportTests(results);
            if (Filter is null) WriteResults(results);
            FailIfAny(results.SelectMany(x => x.Problems(Run.Today), (x, y) => (WorkspaceOf(x.Test), y)));
        });

    /// <summary>For the summary: how many tests passed and failed.</summary>
    void ReportTests(IReadOnlyCollection<TestRunResult> results) => ReportSummary(x => x.AddPair("Tests",
        $"{results.Sum(y => y.Tests.Count(z => z.IsPassed))} passed, {results.Sum(y => y.Failed.Count)} failed"));

    /// <exception cref="ProblemException">The filter is no regular expression, or the time is none.</exception>
    SourceTestRequest RequestOfTests
    {
        get
        {
            try
            {
                if (Filter is not null) _ = new Regex(Filter);
            }
            catch (ArgumentException e)
            {
                throw new ProblemException($"--filter is no regular expression: {e.Message}");
            }

            return TestTimeout > 0 ? new SourceTestRequest(OnlyPatches, Filter, TestTimeout)
                : throw new ProblemException($"--test-timeout is {TestTimeout}", "Give the seconds of one test");
        }
    }

    async Task<IReadOnlyList<SourceTestResult>> TestSourceAsync(string platform, SourceTestRequest request)
    {
        var services = RequireServices(nameof(TestSource));
        var tests = await TogetherAsync(services.SelectMany(x => SourceTestsOf(x, platform)).ToList(),
            SourceTestImages.NameOf, x => [WorkspaceOf(x)!],
            left => new SourceTestImages(SettingsFor(platform), BasesFor(platform))
                .BuildAsync(left, Buildx, NoCache, () => TellWaiting("this image")));
        foreach (var servers in tests.Select(x => x.Servers)) await PrepareServersAsync(servers, platform);
        var run = new SourceTestRun(Engine, TestPrograms);
        var results = new List<SourceTestResult>();
        // One after the other: each takes every processor.
        foreach (var test in tests)
            results.Add(await run.RunAsync(test, platform, request, Run.Watch));
        return results;
    }

    Workspace? WorkspaceOf(SourceTest test) => Selected.FirstOrDefault(x =>
        x.Component == test.Image.Service && x.Release.Name == test.Image.Release);

    /// <summary>Builds the images of the servers that no service is, and lets the engine know them.</summary>
    async Task PrepareServersAsync(ServiceSet set, string platform)
    {
        var backends = new SetBackends(SettingsFor(platform), BasesFor(platform),
            SetDirectory.Of(ArtifactsDirectory, set.Release).Backends);
        await backends.BuildAsync(set.Backends, Buildx, NoCache, () => TellWaiting("the servers of tests"));
        foreach (var backend in set.Backends)
            await Engine.LoadAsync(OciLayout.Open(backends.LayoutOf(backend)), [SetBackends.NameOf(backend)]);
    }

    AbsolutePath TestPrograms => RootDirectory / "build" / "UpstreamTests";

    /// <summary>A statement of each image; what somebody has picked of the tests says nothing of one.</summary>
    void WriteResults(IEnumerable<SourceTestResult> results)
    {
        foreach (var image in results.GroupBy(x => x.Test.Image))
        {
            var directory = image.Key.Directory;
            var settings = Catalog.ImageDirectory(image.Key.Service) / TestSettingsFile.Name;
            AtomicFile.WriteText(
                directory / (OnlyPatches ? BuiltImage.PatchTestResultName : BuiltImage.SourceTestResultName),
                TestResult.Of(SubjectOf(image.Key.Service, OciLayout.Open(image.Key.LayoutDirectory)),
                    DescriptorsOf(File.Exists(settings) ? [settings] : []), [.. image.SelectMany(x => x.Passed)],
                    [.. image.SelectMany(x => x.Warned)], [.. image.SelectMany(x => x.NotPassed)], RunUrl));
            // Those of the patches are among all.
            if (!OnlyPatches) File.Delete(directory / BuiltImage.PatchTestResultName);
        }
    }

    static AbsolutePath DirectoryOf(Workspace image, string platform, string component) =>
        image.PlatformDirectory(platform) / "tests" / component;

    /// <summary>
    /// The service, and what of its image is built from source besides. What cannot be tested here is told.
    /// </summary>
    IEnumerable<SourceTest> SourceTestsOf(Workspace workspace, string platform) =>
        Catalog.KindOf(workspace.Component) == ImageKind.Python
            ? PythonTestsOf(workspace, platform) : NativeTestsOf(workspace, platform);

    IEnumerable<SourceTest> NativeTestsOf(Workspace workspace, string platform)
    {
        var settings = Catalog.ImageData[workspace.Component].Tests;
        if (settings.Runner != TestRunner.Autotest)
        {
            Log.Warning("{Workspace}: its tests were not run, as no images/{Image}/{File} says what runs them",
                workspace, workspace.Component, TestSettingsFile.Name);
        }
        else if (OnlyPatches)
        {
            Log.Warning("{Workspace}: the tests of its patches were not run, as they are told apart of Python alone; "
                + $"without --only-patches {nameof(TestSource)} runs all", workspace);
        }
        else
        {
            var image = NativeImageOf(workspace, platform);
            Inputs.Require(image.LayoutDirectory, nameof(BuildService));
            yield return new NativeTest(workspace.Component, image, settings,
                DirectoryOf(workspace, platform, workspace.Component))
            {
                AptPackages = SystemPackagesOf(ReleaseCatalog.TestProfileOf(workspace.Component)),
            };
        }
    }

    IEnumerable<SourceTest> PythonTestsOf(Workspace workspace, string platform)
    {
        var image = PythonImageOf(workspace, platform);
        Inputs.Require(image.LayoutDirectory, nameof(BuildService));
        var installed = PyLock.Read(image.ClosureDirectory / "pylock.toml", image.Distribution)
            .Select(x => PythonName.Of(x.Name)).ToHashSet();
        foreach (var component in LibrariesOf(workspace).Prepend(workspace))
        {
            var source = SealedOf(component).Source;
            if (component != workspace && !installed.Contains(PythonName.Of(source.Distribution))) continue;
            var series = new PatchSeries(component.Component, component.Release.Name,
                Catalog.Patches.Of(component.Component, component.Release.Name));
            var settings = component == workspace ? Catalog.ImageData[workspace.Component].Tests : new TestSettings();
            var test = new PythonTest(component.Component, image, source.Distribution,
                component.SourceDirectory / "tree", Digest.OfFile(component.SealedFile),
                component.CheckoutDirectory / "tree", series,
                settings, DirectoryOf(workspace, platform, component.Component))
            {
                AptPackages = SystemPackagesOf(ReleaseCatalog.TestProfileOf(component.Component)),
                Wheelhouse = WheelhouseFor(platform, $"{workspace.Component}-tests")
                    ?? (FetchesDistributions ? workspace.TestDistributionsDirectory(platform) : null),
                Pins = TestPinsFor(workspace),
                // A minute's answer waits for no server; what is skipped without it is not known.
                Servers = OnlyPatches ? ServiceSet.Empty : ServiceSet.OfBackends(workspace.Release.Name,
                    settings.Needs, $"images/{workspace.Component}/{TestSettingsFile.Name}", Catalog.Sets),
            };
            if (OnlyPatches && series.Files.Count == 0) Log.Information("{Test} has no patches", test);
            else if (component == workspace || test.SaysWhatItWants) yield return test;
            else Log.Warning("{Test}: its tests were not run, as its tree does not say what they want", test);
        }
    }
}
