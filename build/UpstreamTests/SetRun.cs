using System.Text.Json;
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

/// <summary>
/// Runs a set of services and Tempest against them. Every member is a container; all of them share the network of one,
/// in which there is a loopback interface and nothing else, so that two sets are never in each other's way and what
/// runs reaches nobody. All of them end when this does, however that is: each with its input.
/// </summary>
/// <param name="engine">Runs the images, which it knows already.</param>
/// <param name="programs">The directory of <c>run_member.py</c> and <c>run_tests.py</c>.</param>
/// <param name="nameOf">What the engine knows an image by: of a member, or null for Tempest's.</param>
public sealed class SetRun(Engine engine, AbsolutePath programs, Func<SetMember?, string> nameOf)
{
    const string Hold = """
        import os
        print("held", flush=True)
        os.read(0, 1)
        """;

    static readonly IReadOnlyDictionary<string, string> s_nothing = new Dictionary<string, string>();

    /// <summary>Who asks members, and where the token for that is from: what <c>images/keystone/set.yaml</c> makes.
    /// </summary>
    static readonly object s_administrator =
        new { url = "http://127.0.0.1:5000/v3", user = "admin", password = "set", project = "admin" };

    /// <param name="set">The set.</param>
    /// <param name="platform">That of the images.</param>
    /// <param name="request">What of it.</param>
    /// <param name="logs">Where what each member prints goes, as it comes.</param>
    /// <param name="report">Gets how far it is, while it runs.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProblemException">A member does not start, or ends before the others.</exception>
    public async Task<SetResult> RunAsync(ServiceSet set, string platform, SetRunRequest request, AbsolutePath logs,
        Action<string> report, CancellationToken cancellation = default)
    {
        var result = new SetResult(set) { IsWhole = request.IsWhole };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ends = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var network = $"openstack-images-set-{Guid.NewGuid():N}";
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holds = engine.FollowPythonAsync(nameOf(null), platform, Hold, s_nothing,
            ContainerPlace.Shared(network) with { Ends = ends.Task }, _ => held.TrySetResult(), stop.Token);
        IReadOnlyList<MemberRun> members =
            [.. set.Members.Select(x => new MemberRun(x, logs / $"{x.Name}.log", result))];
        var tests = Task.CompletedTask;
        using var heartbeat = new Heartbeat(report, () => result.State ?? Waiting(members), TimeSpan.FromSeconds(5));
        try
        {
            if (await Task.WhenAny(held.Task, holds) == holds)
                throw new ProblemException($"the network of the set cannot be made: {(await holds).Tail(5)}");
            var code = await File.ReadAllTextAsync(programs / "run_member.py", stop.Token);
            var place = ContainerPlace.Beside(network) with { Ends = ends.Task };
            foreach (var run in members)
                run.Start(members.Where(x => run.Member.Needs.Contains(x.Member.Name)).Select(x => x.Ready), ends.Task,
                    () => engine.FollowPythonAsync(nameOf(run.Member), platform, code,
                        Environment(set, run.Member, request.Timeout), place, run.Take, stop.Token));
            await AllOrTheFirstThatEnds(members, Task.WhenAll(members.Select(x => x.Ready)));
            if (result.HasTests)
                await AllOrTheFirstThatEnds(members, tests = TestAsync(result, platform, request, place, stop.Token));
            return result;
        }
        finally
        {
            ends.TrySetResult();
            await EndAsync([holds, tests, .. members.Select(x => x.Run)], stop);
            foreach (var member in members) member.Dispose();
        }
    }

    static string Waiting(IReadOnlyList<MemberRun> members) =>
        members.Where(x => !x.Ready.IsCompleted).Select(x => x.Member.Name).ToList() is { Count: > 0 } names
            ? $"waiting for {string.Join(", ", names)}" : "looking for Tempest's tests";

    /// <summary>A member that has ended ends the set: what others say without it is of no use.</summary>
    static async Task AllOrTheFirstThatEnds(IReadOnlyList<MemberRun> members, Task work)
    {
        var ended = Task.WhenAny(members.Select(x => x.Lost));
        if (await Task.WhenAny(work, ended) == ended && !work.IsCompletedSuccessfully) await await ended;
        await work;
    }

    /// <summary>Each ends by itself when its input does; what does not is ended.</summary>
    static async Task EndAsync(IReadOnlyList<Task> runs, CancellationTokenSource stop)
    {
        var all = Task.WhenAll(runs);
        if (await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(15), CancellationToken.None)) != all)
            await stop.CancelAsync();
        // Why one failed was told already, or is of no use to anybody any more.
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task TestAsync(SetResult result, string platform, SetRunRequest request, ContainerPlace place,
        CancellationToken cancellation)
    {
        var set = result.Set;
        var environment = new Dictionary<string, string>(set.Tests.Environment)
        {
            ["REQUEST"] = JsonSerializer.Serialize(new
            {
                configuration = Filled(set, set.Tests.Configuration),
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
            }),
        };
        var code = await File.ReadAllTextAsync(programs / "run_tests.py", cancellation);
        var run = await engine.FollowPythonAsync(nameOf(null), platform, code, environment, place, result.Take,
            cancellation);
        if (!run.Succeeded)
            throw new ProblemException($"{result.Name} came to no end (exit code {run.ExitCode}): {run.Tail(20)}");
        result.Printed = run.Tail(10);
    }

    static Dictionary<string, string> Environment(ServiceSet set, SetMember member, int timeout) =>
        new(member.Environment)
        {
            ["REQUEST"] = JsonSerializer.Serialize(new
            {
                configuration = Filled(set, member.Configuration),
                prepare = member.Prepare,
                start = member.Start,
                ready = member.Ready,
                requests = member.Requests.Select(x =>
                    new { method = x.Method, url = x.Url, status = x.Status, body = x.Body, contains = x.Contains }),
                identity = s_administrator,
                timeout,
            }),
        };

    static Dictionary<string, string> Filled(ServiceSet set, IReadOnlyDictionary<string, string> configuration) =>
        configuration.ToDictionary(x => x.Key, x => set.Fill(x.Value));
}
