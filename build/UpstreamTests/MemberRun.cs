using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.UpstreamTests;

/// <summary>One member that runs: what it says, and whether it still does.</summary>
sealed class MemberRun(SetMember member, AbsolutePath log, SetStart start) : IDisposable
{
    const int KeptLines = 30;

    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Queue<string> _last = new();
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
            start.Add(new SetAnswer(Member, asked.GetString()!, answer.GetProperty("ok").GetBoolean(),
                answer.GetProperty("found").GetString()!));
        else if (answer.TryGetProperty("ready", out var seconds))
        {
            start.AddTime(Member, TimeSpan.FromSeconds(seconds.GetDouble()));
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
        if (_last.Count > KeptLines) _last.Dequeue();
    }

    static StreamWriter Open(AbsolutePath log)
    {
        Directory.CreateDirectory(log.Parent!);
        return new StreamWriter(log) { AutoFlush = true };
    }
}
