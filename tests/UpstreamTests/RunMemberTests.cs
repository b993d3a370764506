using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenStack.Processes;
using OpenStack.Tests.Lab;
using OpenStack.Tests.Python;

namespace OpenStack.Tests.UpstreamTests;

/// <summary>What <c>run_member.py</c> says of a member, run by the machine's Python.</summary>
[Trait("Group", "Lab")]
public sealed class RunMemberTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task AMemberThatAnswersIsReadyAndEndsWithItsInput()
    {
        using var server = new LoopbackServer(x => x.Response.WriteAsync("here"));
        var (answers, code) = await RunAsync(new
        {
            configuration = new Dictionary<string, string> { [$"{_directory.Path}/etc/app.conf"] = "written" },
            prepare = new[] { new[] { "cat", $"{_directory.Path}/etc/app.conf" } },
            start = new[] { "sh", "-c", $"echo $$ > {_directory.Path / "pid"}; exec sleep 1000" },
            ready = server.Url,
        });
        Assert.Equal(("written", 0), (answers[0].GetProperty("log").GetString(), code));
        Assert.True(answers[^1].GetProperty("ready").GetDouble() > 0);
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(_directory.Path / "pid").Trim()}"));
    }

    [Fact]
    public async Task WhatHasNothingToStartIsDoneWhenItIsPrepared()
    {
        var (answers, code) = await RunAsync(new { prepare = new[] { new[] { "true" } } });
        Assert.Equal(0, code);
        Assert.True(Assert.Single(answers).TryGetProperty("ready", out _));
    }

    [Theory]
    [InlineData("false", "true", null, "'false' ended with 1")]
    [InlineData("no-such-program", "true", null, "'no-such-program' cannot be started")]
    [InlineData("true", "echo last words; exit 3", null, "it has ended with 3")]
    [InlineData("true", "exec sleep 1000", "tcp://127.0.0.1:1", "nothing answers at tcp://127.0.0.1:1 after 1 s: ")]
    public async Task WhyOneDoesNotAnswerIsTold(string prepare, string start, string? ready, string expected)
    {
        var (answers, code) = await RunAsync(new
        {
            prepare = new[] { new[] { prepare } },
            start = new[] { "sh", "-c", start },
            ready,
            timeout = 1,
        });
        Assert.Equal(1, code);
        Assert.Contains(expected, answers[^1].GetProperty("problem").GetString()!, StringComparison.Ordinal);
        if (start.StartsWith("echo", StringComparison.Ordinal))
            Assert.Equal("last words", answers[0].GetProperty("log").GetString());
    }

    [Fact]
    public async Task WhatTheAdministratorAsksForIsAskedWithAToken()
    {
        using var server = new LoopbackServer(async x =>
        {
            x.Response.StatusCode = x.Request.Path == "/auth/tokens" ? 201
                : x.Request.Headers["X-Auth-Token"] == "a token" ? 200 : 401;
            x.Response.Headers["X-Subject-Token"] = "a token";
            await x.Response.WriteAsync($"{x.Request.Method} {x.Request.Path}");
        });
        var (answers, code) = await RunAsync(new
        {
            prepare = new[] { new[] { "true" } },
            identity = new
            {
                url = server.Url.ToString().TrimEnd('/'),
                user = "admin",
                password = "set",
                project = "admin",
            },
            requests = new[]
            {
                new { method = "GET", url = $"{server.Url}things", status = 200, contains = (string?)"/things" },
                new { method = "POST", url = $"{server.Url}things", status = 201, contains = (string?)null },
            },
        });
        Assert.Equal(0, code);
        Assert.Equal(
        [
            $"GET {server.Url}things gives 200 with /things: True 200",
            $"POST {server.Url}things gives 201: False 200 POST /things",
        ], answers.SkipLast(1).Select(x =>
            $"{x.GetProperty("asked")}: {x.GetProperty("ok")} {x.GetProperty("found")}"));
    }

    /// <summary>Runs it until it says that it is ready, or ends.</summary>
    static async Task<(IReadOnlyList<JsonElement> Answers, int Code)> RunAsync(object request)
    {
        var values = JsonSerializer.SerializeToElement(request).EnumerateObject()
            .ToDictionary(x => x.Name, x => x.Value);
        object[] none = [];
        foreach (var (name, value) in new (string, object?)[] { ("configuration", new { }), ("prepare", none),
            ("start", none), ("ready", null), ("requests", none), ("identity", null), ("timeout", 30) })
            values.TryAdd(name, JsonSerializer.SerializeToElement(value));
        var answers = new List<JsonElement>();
        var isReady = new TaskCompletionSource();
        var result = await new Command(Oracle.Program,
            RepositoryRoot.Path / "build" / "UpstreamTests" / "run_member.py")
        {
            Environment = new Dictionary<string, string?> { ["REQUEST"] = JsonSerializer.Serialize(values) },
            InputWriter = (_, token) => isReady.Task.WaitAsync(TimeSpan.FromSeconds(60), token),
            OutputReader = async (stream, token) =>
            {
                using var reader = new StreamReader(stream);
                while (await reader.ReadLineAsync(token) is { } line)
                {
                    answers.Add(JsonSerializer.Deserialize<JsonElement>(line));
                    if (answers[^1].TryGetProperty("ready", out _)) isReady.TrySetResult();
                }

                isReady.TrySetResult();
            },
        }.RunAsync();
        return (answers, result.ExitCode);
    }
}
