using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;

namespace OpenStack.UpstreamTests;

/// <summary>What is run of a set, and how.</summary>
/// <param name="Filters">Regular expressions that each test has to match.</param>
/// <param name="IsWhole">Whether that is all that a selection has.</param>
/// <param name="Timeout">Seconds that one test, or the start of one member, may take.</param>
public sealed record SetRunRequest(IReadOnlyList<string> Filters, bool IsWhole, int Timeout);

/// <summary>Runs a set of services, and Tempest against them.</summary>
/// <param name="engine">Runs the images, which it knows already.</param>
/// <param name="programs">The directory of <c>run_member.py</c> and <c>run_tests.py</c>.</param>
/// <param name="nameOf">What the engine knows an image by: of a member, or null for Tempest's.</param>
public sealed class SetRun(Engine engine, AbsolutePath programs, Func<SetMember?, string> nameOf)
{
    /// <param name="set">The set.</param>
    /// <param name="platform">That of the images.</param>
    /// <param name="request">What of it.</param>
    /// <param name="logs">Where what each member prints goes, as it comes.</param>
    /// <param name="watch">Is told how far it is, while it runs.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProblemException">A member does not start, or ends before the others.</exception>
    public async Task<SetResult> RunAsync(ServiceSet set, string platform, SetRunRequest request, AbsolutePath logs,
        Watch watch, CancellationToken cancellation = default)
    {
        var result = new SetResult(set) { IsWhole = request.IsWhole };
        using var work = result.Follow(watch, () => result.Start.Waiting ?? "looking for Tempest's tests");
        await new RunningSet(engine, programs, nameOf).RunAsync(result.Start, platform, request.Timeout, logs,
            (place, token) => !result.HasTests ? Task.CompletedTask : new TestProgram(engine, programs).RunAsync(
                result, nameOf(null), platform, set.Tests.Environment, RequestOf(set, request), place, token),
            cancellation);
        return result;
    }

    static object RequestOf(ServiceSet set, SetRunRequest request) => new
    {
        configuration = set.Filled(set.Tests.Configuration),
        module = "tempest",
        paths = new[] { "tempest/test_discover" },
        // The tests of a class share what it has made.
        group = @"([^\.]*\.)*",
        distribution = (string?)null,
        patches = (string?)null,
        runner = "stestr",
        timeout = request.Timeout,
        concurrency = 0,
        exclude = set.Tests.ExcludedIn(set.Release).Select(x => x.Tests),
        filters = request.Filters.Prepend(set.TestsOfMembers),
        only_patches = false,
    };
}
