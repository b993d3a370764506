using Nuke.Common;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Signing;
using OpenStack.Storage;
using OpenStack.UpstreamTests;

namespace OpenStack.Pipeline.Images;

/// <summary>Images that were built together run together, and Tempest is run against them.</summary>
interface ITestSet : ITestSource
{
    [Parameter("Which of Tempest's tests run, by a name in images/tempest/set.yaml - Default is 'smoke'")]
    string TestSelection => TryGetValue(() => TestSelection) ?? "smoke";

    /// <summary>Tempest is built with them.</summary>
    IReadOnlyList<string> IHazCatalog.ServicesBesides =>
        ScheduledTargets.Any(x => x.Name == nameof(TestSet)) && Service.Length > 0
            && !Service.Any(x => x is "all" or ServiceSet.Tempest)
            ? [ServiceSet.Tempest] : [];

    Target TestSet => _ => _
        .Description("Starts the selected services from their images, with the servers that they need, in a network of "
            + "their own, and runs Tempest against them")
        .DependsOn<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            var results = new List<SetResult>();
            foreach (var (set, images) in Sets) results.Add(await TestSetAsync(set, images));
            Results.Table("Members", SetTable.OfMembers(results), x => x[0] == "FAIL");
            Results.Table("Tempest", SourceTestTable.Of(results));
            ReportTests(results);
            ProblemException.ThrowIfAny([.. results.SelectMany(x => x.Problems(Run.Today))]);
        });

    /// <summary>What runs together: the selected services of each release.</summary>
    /// <exception cref="ProblemException">Something that they need is not selected, or is not there.</exception>
    IReadOnlyList<(ServiceSet Set, IReadOnlyList<Workspace> Images)> Sets =>
        Problems.Collect(RequireServices(nameof(TestSet)).GroupBy(x => x.Release.Name), release =>
        {
            IReadOnlyList<Workspace> images = [.. release];
            if (images.All(x => x.Component != ServiceSet.Tempest))
                throw new ProblemException($"{release.Key} has no {ServiceSet.Tempest}",
                    $"Name its ref in releases/{release.Key}/{SourceRefsFile.Name}");
            return (ServiceSet.Of(release.Key,
                [.. images.Select(x => x.Component).Where(x => x != ServiceSet.Tempest)], Catalog.Sets), images);
        });

    /// <summary>Those of Tempest's tests that count, by the name that was given and by <c>--filter</c>.</summary>
    /// <exception cref="ProblemException">There is no such name.</exception>
    SetRunRequest RequestOf(ServiceSet set)
    {
        var request = RequestOfTests;
        if (OnlyPatches && ScheduledTargets.All(x => x.Name != nameof(TestSource)))
            throw new ProblemException($"--only-patches says nothing of {nameof(TestSet)}",
                $"Leave it out, or run {nameof(TestSource)}: patches have tests of their own there");
        if (!set.Tests.Selections.TryGetValue(TestSelection, out var selection))
            throw new ProblemException($"--test-selection names '{TestSelection}', which is no selection of tests",
                Suggest.DidYouMean(TestSelection, set.Tests.Selections.Keys,
                    $"There are {string.Join(", ", set.Tests.Selections.Keys)}"));
        return new SetRunRequest(request.Filter is null ? [selection] : [selection, request.Filter],
            request.Filter is null, request.Timeout);
    }

    async Task<SetResult> TestSetAsync(ServiceSet set, IReadOnlyList<Workspace> images)
    {
        var (platform, request) = (Platforms[0], RequestOf(set));
        var directory = SetDirectory.Of(ArtifactsDirectory, set.Release);
        using var turn = await FileLock.AcquireAsync(directory.Lock, () => TellWaiting("this set"));
        await PrepareServersAsync(set, platform);
        foreach (var image in images) await Engine.LoadAsync(LayoutOf(image, platform), [NameOf(image)]);
        var run = new SetRun(Engine, TestPrograms, member =>
            member?.Image == ServiceSet.BackendImage ? SetBackends.NameOf(member)
                : NameOf(images.Single(x => x.Component == (member?.Image ?? ServiceSet.Tempest))));
        // A set that does not start shows that what was said of its images does not hold any more.
        if (request.IsWhole)
            foreach (var image in images) File.Delete(BuiltImage.Of(image).SetTestResultOf(platform));
        var result = await run.RunAsync(set, platform, request, directory.Logs, Run.Watch);
        result.Write(directory.JUnitFile, directory.SubunitFile);
        if (request.IsWhole) WriteResults(result, images, platform);
        return result;
    }

    static OciLayout LayoutOf(Workspace image, string platform) => OciLayout.Open(
        Inputs.Require(BuiltImage.Of(image).PartOf(platform) / "image", nameof(BuildService)));

    static string NameOf(Workspace image) => $"openstack-images/set-{image.Component}:{image.Release.Name}";

    /// <summary>A statement of each image that was part of the set.</summary>
    void WriteResults(SetResult result, IReadOnlyList<Workspace> images, string platform)
    {
        foreach (var image in images)
        {
            var settings = Catalog.ImageDirectory(image.Component) / SetFile.Name;
            AtomicFile.WriteText(BuiltImage.Of(image).SetTestResultOf(platform), TestResult.Of(
                SubjectOf(image.Component, LayoutOf(image, platform)), DescriptorsOf([settings]),
                [.. result.PassedOf(image.Component)], [.. result.Warned], [.. result.NotPassedOf(image.Component)],
                RunUrl));
        }
    }
}
