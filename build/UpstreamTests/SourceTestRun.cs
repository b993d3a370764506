using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;

namespace OpenStack.UpstreamTests;

/// <summary>What of the tests is run, and how.</summary>
/// <param name="OnlyPatches">Whether it is those of the patches alone.</param>
/// <param name="Filter">A regular expression of the tests to run; null for all.</param>
/// <param name="Timeout">Seconds that one test may take.</param>
public sealed record SourceTestRequest(bool OnlyPatches, string? Filter, int Timeout);

/// <summary>
/// Runs upstream's tests in a container of the image that was made for them: without network, or in one with the
/// servers that they look for and nothing else; as the image's user. Of Python the tree and everything else is
/// read-only but <c>/tmp</c>.
/// </summary>
/// <param name="engine">Runs the image, and those of the servers, which it knows already.</param>
/// <param name="programs">The directory of <c>run_tests.py</c> and <c>run_member.py</c>.</param>
public sealed class SourceTestRun(Engine engine, AbsolutePath programs)
{
    /// <param name="test">What to test, whose image was built.</param>
    /// <param name="platform">That of the image.</param>
    /// <param name="request">What of it.</param>
    /// <param name="watch">Is told how far it is, while it runs.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<SourceTestResult> RunAsync(SourceTest test, string platform, SourceTestRequest request,
        Watch watch, CancellationToken cancellation = default)
    {
        var result = new SourceTestResult(test, test is PythonTest ? PatchStates.Read(test.StatesDirectory) : [])
        {
            IsWhole = !request.OnlyPatches && request.Filter is null,
        };
        await engine.LoadAsync(OciLayout.Open(test.LayoutDirectory), [test.Name], cancellation);
        var start = new SetStart(test.Servers);
        using var work = result.Follow(watch, () => start.Waiting ?? "looking for tests");
        Task Run(ContainerPlace place, CancellationToken token) => new TestProgram(engine, programs).RunAsync(result,
            test.Name, platform, test.Tests.Environment, RequestOf(test, request), place, token);
        if (test.Servers.Members.Count == 0)
            await Run(test.PlaceIn(new ContainerPlace()), cancellation);
        else
            await new RunningSet(engine, programs, x => x is null ? test.Name : SetBackends.NameOf(x)).RunAsync(start,
                platform, request.Timeout, test.Logs, (place, token) => Run(test.PlaceIn(place), token), cancellation);
        result.Write(test.JUnitFile, test.SubunitFile);
        return result;
    }

    static object RequestOf(SourceTest test, SourceTestRequest request) => new
    {
        tree = test.Tree,
        writes = test.Tests.WritesToTree,
        distribution = test.Distribution,
        runner = TestSettingsFile.Runners.Single(x => x.Value == test.Tests.Runner).Key,
        paths = test.Tests.Paths,
        timeout = request.Timeout,
        concurrency = 0,
        exclude = test.Tests.ExcludedIn(test.Image.Release).Select(x => x.Tests),
        filters = request.Filter is null ? Array.Empty<string>() : [request.Filter],
        only_patches = request.OnlyPatches,
        patches = test is PythonTest ? "/patches" : null,
    };
}
