using System.Text.RegularExpressions;
using OpenStack.Processes;
using OpenStack.Tests.Processes;
using OpenStack.Tests.Watching;

namespace OpenStack.Tests.EndToEnd;

/// <summary>What a run shows while a program takes its time: on a terminal, in a pipe, and when it is ended.</summary>
public sealed partial class ProgressTests : IDisposable
{
    /// <summary>Runs a program on a terminal of 24 lines, presses Ctrl-C once it has said something.</summary>
    const string Terminal = """
        import fcntl, os, pty, struct, sys, termios
        file, term, until, command = sys.argv[1], sys.argv[2], sys.argv[3].encode(), sys.argv[4:]
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["TERM"] = term
            os.execvp(command[0], command)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        said = b""
        while True:
            try:
                said += os.read(terminal, 65536)
            except OSError:
                break
            if until and until in said:
                os.write(terminal, b"\x03")
                until = b""
        open(file, "wb").write(said)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """;

    /// <summary>What rows are taken away with, and nothing else is written.</summary>
    const string Erased = "A\e[J";

    const string Arguments = "ResolveRefs --service keystone --release 2025.1 --ref keystone=main --no-logo";

    readonly RepositoryCopy _repository = new();
    readonly RunningProcesses _processes = new();

    public void Dispose()
    {
        _processes.Dispose();
        _repository.Dispose();
    }

    [Fact]
    public async Task ASilenceInAPipeIsBroken()
    {
        await GitTakesAsync(4);
        var run = await Prepare(Arguments).RunAsync();
        Assert.Matches(@"\[INF\]   still at ResolveRefs 2 s", run.Output);
        Assert.DoesNotContain("\e", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xterm-256color")]
    // NUKE has the system's console colour its words there, which come in pieces.
    [InlineData("screen")]
    public async Task OnATerminalRowsAreBelowTheLogUntilTheEnd(string term)
    {
        await GitTakesAsync(4);
        var plain = LogOf((await Prepare($"{Arguments} --progress plain").RunAsync()).Output);
        var live = await OnTerminalAsync(term, "", Arguments);
        Assert.Contains(Erased, live.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("still at", live.Output, StringComparison.Ordinal);
        var screen = new TerminalScreen();
        screen.Write(live.Output);
        Assert.Equal(plain, LogOf(string.Join('\n', screen.Lines)));
        Assert.True(screen.IsAtEnd);
    }

    [Fact]
    public async Task CtrlCLeavesATerminalThatCanBeWorkedWith()
    {
        await GitTakesAsync(600);
        var run = await OnTerminalAsync("xterm-256color", Erased, Arguments);
        Assert.Equal(130, run.ExitCode);
        await _processes.AreGoneAsync();
        var screen = new TerminalScreen();
        screen.Write(run.Output);
        Assert.True(screen.IsAtEnd);
        Assert.EndsWith("ResolveRefs was interrupted by SIGINT", screen.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(screen.Lines, x => x.StartsWith("ResolveRefs ", StringComparison.Ordinal));
        Assert.DoesNotContain("\e[?25l", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dumb", "")]
    [InlineData("xterm", " --progress plain")]
    [InlineData("xterm", " --verbosity quiet")]
    [InlineData("xterm", " --host GitHubActions")]
    public async Task NothingIsDrawnWhereNobodyWantsIt(string term, string arguments)
    {
        await GitTakesAsync(2);
        Assert.DoesNotContain(Erased, (await OnTerminalAsync(term, "", Arguments + arguments)).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeShownIsRefusedBeforeAnythingIsDone()
    {
        (await _repository.RunAsync($"{Arguments} --progress live")).ShouldFail(
            "--progress live is given, and there is nothing to draw on", "expected a terminal on standard output");
        (await _repository.RunAsync($"{Arguments} --progress lively")).ShouldFail(
            "--progress has the value 'lively'", "Auto, Live, Plain", "Live");
    }

    /// <summary>A git that says nothing for so long, and then that it cannot.</summary>
    async Task GitTakesAsync(int seconds)
    {
        _repository.Write("bin/git", $"#!/bin/sh\nsleep {seconds}\necho 'fatal: unable to connect' >&2\nexit 128\n");
        await new Command("chmod", "+x", _repository.Root / "bin" / "git").RequireAsync();
    }

    Command Prepare(string arguments) => _repository.Prepare(arguments,
        [.. _processes.Environment.Select(x => (x.Key, x.Value!)),
            ("PATH", $"{_repository.Root / "bin"}:{Environment.GetEnvironmentVariable("PATH")}")]);

    /// <summary>What came to the terminal, as it came: a reader of lines would take \r for the end of one.</summary>
    async Task<BuildRun> OnTerminalAsync(string term, string until, string arguments)
    {
        var (run, file) = (Prepare(arguments), _repository.Root / "terminal");
        var result = await (run with
        {
            Program = "python3",
            Arguments = ["-c", Terminal, file, term, until, run.Program, .. run.Arguments],
        }).RunAsync();
        Assert.True(File.Exists(file), result.Error);
        return new BuildRun(result.ExitCode, await File.ReadAllTextAsync(file));
    }

    /// <summary>The lines that a run has said, without times and colours.</summary>
    static IReadOnlyList<string> LogOf(string output) => [.. Colours().Replace(output, "").Split('\n')
        .Select(x => Times().Replace(x.TrimEnd('\r', ' ', '\u200b'), ""))
        .Where(x => x.Length > 0 && !x.Contains("still at", StringComparison.Ordinal))];

    [GeneratedRegex(@"\e\[[\d;]*m")]
    private static partial Regex Colours();

    /// <summary>Of the day, of the clock, and how long something took.</summary>
    [GeneratedRegex(@"\d+:\d\d(:\d\d)?|\d+/\d+/\d+|< 1sec|[AP]M")]
    private static partial Regex Times();
}
