using System.Collections.Concurrent;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Processes;

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
        var members = new List<MemberRun>();
        var tests = Task.CompletedTask;
        using var heartbeat = new Heartbeat(report, () => result.State ?? Waiting(members), TimeSpan.FromSeconds(5));
        try
        {
            if (await Task.WhenAny(held.Task, holds) == holds)
                throw new ProblemException($"the network of the set cannot be made: {(await holds).Tail(5)}");
            var code = await File.ReadAllTextAsync(programs / "run_member.py", stop.Token);
            foreach (var member in set.Members)
            {
                var run = new MemberRun(member, logs / $"{member.Name}.log", result);
                run.Start(members.Where(x => member.Needs.Contains(x.Member.Name)).Select(x => x.Ready), ends.Task,
                    () => engine.FollowPythonAsync(nameOf(member), platform, code,
                        Environment(set, member, request.Timeout),
                        ContainerPlace.Beside(network) with { Ends = ends.Task }, run.Take, stop.Token));
                members.Add(run);
            }

            await AllOrTheFirstThatEnds(members, Task.WhenAll(members.Select(x => x.Ready)));
            if (result.HasTests)
                await AllOrTheFirstThatEnds(members, tests = TestAsync(result, platform, request,
                    ContainerPlace.Beside(network) with { Ends = ends.Task }, stop.Token));
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
        await all.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
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
                identity = ServiceSet.Administrator,
                timeout,
            }),
        };

    static Dictionary<string, string> Filled(ServiceSet set, IReadOnlyDictionary<string, string> configuration) =>
        configuration.ToDictionary(x => x.Key, x => set.Fill(x.Value));
}

/// <summary>One member that runs: what it says, and whether it still does.</summary>
sealed class MemberRun(SetMember member, AbsolutePath log, SetResult result) : IDisposable
{
    const int KeptLines = 30;

    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ConcurrentQueue<string> _last = [];
    readonly StreamWriter _log = Open(log);
    string? _problem;

    public SetMember Member { get; } = member;

    /// <summary>It answers, and has answered what it was asked for.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Ends with the reason when the member ends before it was told to.</summary>
    public Task Lost => _lost.Task;

    public Task Run { get; private set; } = Task.CompletedTask;

    /// <param name="needs">What has to be ready before.</param>
    /// <param name="ends">Ends when the set does: what has not begun by then does not begin.</param>
    /// <param name="run">Runs it to its end.</param>
    public void Start(IEnumerable<Task> needs, Task ends, Func<Task<CommandResult>> run) =>
        Run = RunAsync(Task.WhenAll(needs), ends, run);

    /// <summary>Takes a line of answers.</summary>
    public void Take(string line)
    {
        using var document = JsonDocument.Parse(line);
        var answer = document.RootElement;
        if (answer.TryGetProperty("log", out var text)) Keep(text.GetString()!);
        else if (answer.TryGetProperty("problem", out var problem)) _problem = problem.GetString();
        else if (answer.TryGetProperty("asked", out var asked))
            result.Add(new SetAnswer(Member, asked.GetString()!, answer.GetProperty("ok").GetBoolean(),
                answer.GetProperty("found").GetString()!));
        else if (answer.TryGetProperty("ready", out var seconds))
        {
            result.AddStart(Member, TimeSpan.FromSeconds(seconds.GetDouble()));
            _ready.TrySetResult();
        }
    }

    public void Dispose() => _log.Dispose();

    async Task RunAsync(Task needs, Task ends, Func<Task<CommandResult>> run)
    {
        try
        {
            if (await Task.WhenAny(needs, ends) != needs) return;
            var ended = await run();
            // What has nothing to start is done when it is ready.
            if (ended.Succeeded && Ready.IsCompleted) return;
            _lost.TrySetException(new ProblemException(new Problem(
                $"{Member.Name} of {Member.Image}: {_problem ?? $"it has ended with {ended.ExitCode}: {ended.Tail(5)}"}"
                    + string.Concat(_last.Select(x => $"\n    {x}")), Remedy: $"All that it said is in {log}")));
        }
        catch (Exception e)
        {
            _lost.TrySetException(e);
        }
    }

    void Keep(string line)
    {
        _log.WriteLine(line);
        _last.Enqueue(line);
        while (_last.Count > KeptLines) _last.TryDequeue(out _);
    }

    static StreamWriter Open(AbsolutePath log)
    {
        Directory.CreateDirectory(log.Parent!);
        return new StreamWriter(log) { AutoFlush = true };
    }
}
