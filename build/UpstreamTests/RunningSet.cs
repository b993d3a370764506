using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;

namespace OpenStack.UpstreamTests;

/// <summary>
/// Runs the members of a set, and something beside them. Every member is a container; all of them share the network of
/// one, in which there is a loopback interface and nothing else, so that two sets are never in each other's way and
/// what runs reaches nobody. All of them end when this does, however that is: each with its input.
/// </summary>
/// <param name="engine">Runs the images, which it knows already.</param>
/// <param name="programs">The directory of <c>run_member.py</c>.</param>
/// <param name="nameOf">What the engine knows an image by: of a member, or null for what runs beside them.</param>
public sealed class RunningSet(Engine engine, AbsolutePath programs, Func<SetMember?, string> nameOf)
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

    /// <param name="start">Gets what the members answer.</param>
    /// <param name="platform">That of the images.</param>
    /// <param name="timeout">Seconds that the start of one member may take.</param>
    /// <param name="logs">Where what each member prints goes, as it comes.</param>
    /// <param name="work">What is done when all are ready, and in which place.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProblemException">A member does not start, or ends before the others.</exception>
    public async Task RunAsync(SetStart start, string platform, int timeout, AbsolutePath logs,
        Func<ContainerPlace, CancellationToken, Task> work, CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ends = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var network = $"openstack-images-set-{Guid.NewGuid():N}";
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holds = engine.FollowPythonAsync(nameOf(null), platform, Hold, s_nothing,
            ContainerPlace.Shared(network) with { Ends = ends.Task }, _ => held.TrySetResult(), stop.Token);
        IReadOnlyList<MemberRun> members =
            [.. start.Set.Members.Select(x => new MemberRun(x, logs / $"{x.Name}.log", start))];
        var worked = Task.CompletedTask;
        try
        {
            if (await Task.WhenAny(held.Task, holds) == holds)
                throw new ProblemException($"the network of the set cannot be made: {(await holds).Tail(5)}");
            var code = await File.ReadAllTextAsync(programs / "run_member.py", stop.Token);
            var place = ContainerPlace.Beside(network) with { Ends = ends.Task };
            foreach (var run in members)
                run.Start(members.Where(x => run.Member.Needs.Contains(x.Member.Name)).Select(x => x.Ready), ends.Task,
                    () => engine.FollowPythonAsync(nameOf(run.Member), platform, code,
                        Environment(start.Set, run.Member, timeout), place.With(run.Member.Capabilities), run.Take,
                        stop.Token));
            await AllOrTheFirstThatEnds(members, Task.WhenAll(members.Select(x => x.Ready)));
            await AllOrTheFirstThatEnds(members, worked = work(place, stop.Token));
        }
        finally
        {
            ends.TrySetResult();
            await EndAsync([holds, worked, .. members.Select(x => x.Run)], stop);
            foreach (var member in members) member.Dispose();
        }
    }

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

    static Dictionary<string, string> Environment(ServiceSet set, SetMember member, int timeout) =>
        new(member.Environment)
        {
            ["REQUEST"] = JsonSerializer.Serialize(new
            {
                configuration = set.Filled(member.Configuration),
                prepare = member.Prepare,
                start = member.Start,
                ready = member.Ready,
                requests = member.Requests.Select(x =>
                    new { method = x.Method, url = x.Url, status = x.Status, body = x.Body, contains = x.Contains }),
                identity = s_administrator,
                timeout,
            }),
        };
}
