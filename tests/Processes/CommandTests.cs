using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Tests.Processes;

public class CommandTests
{
    static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ArgumentsReachTheProgramAsTheyAre()
    {
        var result = await new Command("printf", "%s|", "a b", "$(x)", "\"q\"", "").RunAsync();
        Assert.Equal("a b|$(x)|\"q\"||", result.Output.TrimEnd('\n'));
    }

    [Fact]
    public async Task AProgramThatIsNotThereIsNamedWithTheRemedy()
    {
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            new Command("no-such-program") { Remedy = "Install it" }.RunAsync());
        Assert.Contains("'no-such-program' cannot be started", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Install it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureTellsTheCommandTheCodeAndTheError()
    {
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            new Command("sh", "-c", "echo bad >&2; exit 3").RequireAsync());
        Assert.Equal("'sh -c 'echo bad >&2; exit 3'' exited with code 3: bad", e.Message);
    }

    [Fact]
    public async Task TheEnvironmentIsLaidOverTheCallers()
    {
        var result = await new Command("sh", "-c", "echo ${PATH:+path} $ADDED")
        {
            Environment = new Dictionary<string, string?> { ["ADDED"] = "1" },
        }.RunAsync();
        Assert.Equal("path 1", result.Text);
    }

    [Fact]
    public async Task ACancelledRunIsKilledWithItsChildren()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new Command("sh", "-c", "sleep 60 & wait").RunAsync(cancel.Token));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task AWriterThatFailsEndsTheProgram()
    {
        var watch = Stopwatch.StartNew();
        var command = new Command("sh", "-c", "cat; sleep 60")
        {
            InputWriter = (_, _) => throw new FileNotFoundException("no such file"),
        };
        await Assert.ThrowsAsync<FileNotFoundException>(() => command.RunAsync());
        Assert.True(watch.Elapsed < s_soon);
    }

    [Fact]
    public async Task AWriterThatFailsHalfwayEndsTheProgram()
    {
        using var place = new RunningProcesses();
        var command = new Command("sh", "-c", "sleep 61 & cat >/dev/null; wait")
        {
            Environment = place.Environment,
            InputWriter = async (stream, token) =>
            {
                await stream.WriteAsync("half"u8.ToArray(), token);
                throw new IOException("of the source, not of the pipe");
            },
        };
        Assert.Equal("of the source, not of the pipe",
            (await Assert.ThrowsAsync<IOException>(() => command.RunAsync())).Message);
        await place.AreGoneAsync();
    }

    [Fact]
    public async Task AProgramThatDoesNotReadItsInputSaysWhyItself()
    {
        var command = new Command("sh", "-c", "exec <&-; echo bad >&2; exit 3")
        {
            InputWriter = async (stream, token) =>
            {
                for (var i = 0; i < 100; i++) await stream.WriteAsync(new byte[1 << 16], token);
            },
        };
        var result = await command.RunAsync();
        Assert.Equal((3, "bad"), (result.ExitCode, result.Tail()));
    }

    /// <summary>A reader of an archive disposes of what it reads from, and leaves the padding behind its end.</summary>
    [Fact]
    public async Task AReaderMayCloseWhatItReads()
    {
        var read = 0;
        var result = await new Command("sh", "-c", "head -c 300000 /dev/zero; exit 7")
        {
            OutputReader = async (stream, token) =>
            {
                await using (stream) read = await stream.ReadAsync(new byte[10], token);
            },
        }.RunAsync();
        Assert.Equal((10, 7), (read, result.ExitCode));
    }

    [Fact]
    public async Task AReaderThatStopsEndsTheProgram()
    {
        using var place = new RunningProcesses();
        string[] scripts = ["yes", "echo; exec sleep 60", "echo; trap '' TERM HUP PIPE; setsid sleep 60 & sleep 60"];
        await Task.WhenAll(scripts.Select(async script =>
        {
            var read = 0;
            var command = new Command("sh", "-c", script)
            {
                Environment = place.Environment,
                OutputReader = async (stream, token) => read = await stream.ReadAsync(new byte[1], token),
            };
            var result = await command.RunAsync();
            Assert.Equal((1, false), (read, result.Succeeded));
        }));
        await place.AreGoneAsync();
    }

    [Fact]
    public async Task AReaderThatStopsBeforeTheLastBytesLetsTheProgramEnd()
    {
        var command = new Command("sh", "-c", "head -c 1000000 /dev/zero")
        {
            OutputReader = async (stream, token) => await stream.ReadExactlyAsync(new byte[10], token),
        };
        Assert.True((await command.RunAsync()).Succeeded);
    }

    [Fact]
    public async Task AReaderThatFailsEndsTheProgram()
    {
        using var place = new RunningProcesses();
        var command = new Command("sh", "-c", "setsid sleep 60 & echo 1; sleep 60")
        {
            Environment = place.Environment,
            OnLine = _ => throw new InvalidOperationException("no"),
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => command.RunAsync());
        await place.AreGoneAsync();
    }

    [Theory]
    [InlineData("sleep 60 & wait")]
    [InlineData("trap '' TERM INT HUP; setsid sleep 60 & sleep 60")]
    [InlineData("(setsid sleep 60 &) ; exit 0")]
    public async Task ATimeoutEndsWhateverWasStarted(string script)
    {
        using var place = new RunningProcesses();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new Command("sh", "-c", script) { Environment = place.Environment }.RunAsync(cancel.Token));
        Assert.True(watch.Elapsed < s_soon);
        await place.AreGoneAsync();
    }

    [Fact]
    public async Task WhatHoldsTheOutputOpenAfterTheEndOfTheProgramIsEnded()
    {
        using var place = new RunningProcesses();
        var watch = Stopwatch.StartNew();
        var result =
            await new Command("sh", "-c", "setsid sleep 60 & echo done") { Environment = place.Environment }.RunAsync();
        Assert.Equal((0, "done"), (result.ExitCode, result.Text));
        Assert.True(watch.Elapsed < s_soon);
        await place.AreGoneAsync();
    }

    [Fact]
    public async Task ADaemonThatHoldsNothingMayStay()
    {
        using var place = new RunningProcesses();
        const string Script = "setsid sleep 60 </dev/null >/dev/null 2>&1 &";
        await new Command("sh", "-c", Script) { Environment = place.Environment }.RequireAsync();
        Assert.Single(place.Find());
    }

    /// <summary>
    /// Kills the build with SIGKILL while it waits for a git that waits for a server that never answers.
    /// </summary>
    [Fact]
    public async Task NothingOutlivesABuildThatIsKilled()
    {
        using var place = new RunningProcesses();
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}";
        var start = new ProcessStartInfo("dotnet", [RepositoryRoot.Path / "build" / "bin" / "Debug" / "_build.dll",
            "ResolveRefs", "--service", "keystone", "--release", "2025.1", "--ref", "keystone=no-such-branch",
            "--git-base", url, "--root", RepositoryRoot.Path, "--no-logo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in place.Environment) start.Environment[name] = value;
        using var build = Process.Start(start)!;
        using var client =
            await server.AcceptTcpClientAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
        Assert.True(place.Find().Count > 1);
        build.Kill();
        await place.AreGoneAsync();
        server.Stop();
    }
}
