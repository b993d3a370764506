using System.Diagnostics;
using System.Text.Json.Nodes;
using OpenStack.Processes;
using OpenStack.Tests.Processes;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Ctrl-C and SIGTERM while a program runs that would never end.</summary>
public sealed class InterruptionTests : IDisposable
{
    readonly RepositoryCopy _repository = new();
    readonly RunningProcesses _processes = new();

    public void Dispose()
    {
        _processes.Dispose();
        _repository.Dispose();
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task TheRunEndsInASecondWithAllThatItHasStarted(string signal, int exitCode)
    {
        var (run, id) = await StartAsync();
        var watch = Stopwatch.StartNew();
        await SendAsync(signal, id);
        var result = await run;
        // By itself it takes 0.2 s; the machine may be busy.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(exitCode, result.ExitCode);
        await _processes.AreGoneAsync();
        Assert.Contains($"ResolveRefs was interrupted by SIG{signal}", result.Output, StringComparison.Ordinal);
        // The program was ended by us: that is no failure of git's.
        Assert.DoesNotContain("failed", result.Output, StringComparison.OrdinalIgnoreCase);
        var outcome = JsonNode.Parse(await File.ReadAllTextAsync(_repository.Root / "artifacts" / "run.json"))!;
        Assert.Equal($"SIG{signal} not finished",
            $"{outcome["interruptedBy"]} {outcome["components"]![0]!["state"]}");
    }

    [Fact]
    public async Task ASecondSignalEndsItAtOnce()
    {
        var (run, id) = await StartAsync();
        await Task.WhenAll(SendAsync("INT", id), SendAsync("INT", id));
        Assert.Equal(130, (await run).ExitCode);
        await _processes.AreGoneAsync();
    }

    /// <summary>A run whose git has a child that ignores signals, once that runs; and its id.</summary>
    async Task<(Task<CommandResult> Run, string Id)> StartAsync()
    {
        var started = _repository.Root / "started";
        _repository.Write("bin/git", $"#!/bin/sh\ntrap '' INT TERM\necho >'{started}'\nsleep 600 & wait\n");
        await new Command("chmod", "+x", _repository.Root / "bin" / "git").RequireAsync();
        var run = _repository.Prepare("ResolveRefs --service keystone --release 2025.1 --ref keystone=main --no-logo",
            [.. _processes.Environment.Select(x => (x.Key, x.Value!)),
                ("PATH", $"{_repository.Root / "bin"}:{Environment.GetEnvironmentVariable("PATH")}")]);
        var pid = _repository.Root / "pid";
        var task = (run with
        {
            Program = "sh",
            Arguments = ["-c", "echo $$ >\"$0\"; exec \"$@\"", pid, run.Program, .. run.Arguments],
        }).RunAsync();
        while (!File.Exists(started) && !task.IsCompleted) await Task.Delay(20);
        Assert.True(File.Exists(started), task.IsCompleted ? (await task).Output : "");
        return (task, (await File.ReadAllTextAsync(pid)).Trim());
    }

    static async Task SendAsync(string signal, string id) =>
        await new Command("kill", $"-{signal}", id).RequireAsync();
}
