using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Outcomes;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Tests.Images;

/// <summary>A program plays buildx, and says what that says.</summary>
public sealed class BakeRunTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory().FullName;
    readonly List<string> _told = [];

    public void Dispose() => Removal.Remove(_directory);

    [Fact]
    public async Task TheTargetWhoseStepFailedIsNamedAndEachHasALogOfItsOwn()
    {
        var end = await RunAsync("""
            #0 building with "default" instance
            #1 [internal] load local bake definitions
            #2 [nova-2025_1 installed 1/1] RUN --network=none install-service /wheel
            #3 [keystone-2025_1 installed 1/1] RUN --network=none install-service /wheel
            #2 0.5 Looking in links
            #3 0.6 of keystone
            #2 0.7 error: no such thing
            #2 ERROR: process "/bin/sh -c install-service" did not complete successfully: exit code: 1
            #3 CANCELED
            """, 1);
        Assert.Equal("nova-2025_1", end.Target);
        Assert.EndsWith("\n    Looking in links\n    error: no such thing", end.Failure, StringComparison.Ordinal);
        Assert.Equal(["#0", "#1", "#2", "#2", "#2", "#2"], StepsIn("nova"));
        Assert.Equal(["#0", "#1", "#3", "#3", "#3"], StepsIn("keystone"));
    }

    /// <summary>A Dockerfile that cannot be read fails before it has a step.</summary>
    [Fact]
    public async Task SoIsOneThatFailsWithoutAStep() => Assert.Equal("nova-2025_1", (await RunAsync("""
        #1 [internal] load local bake definitions
        ERROR: target nova-2025_1: failed to solve: dockerfile parse error on line 3
        """, 1)).Target);

    [Theory]
    [InlineData("""
        #2 [nova-2025_1] exporting to oci image format
        #2 ERROR: write /var/lib/x: no space left on device
        """)]
    [InlineData("ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock")]
    [InlineData("""
        #4 [wheelhouse] COPY . /
        #4 ERROR: failed to compute cache key
        """)]
    public async Task WhatIsAboutAllOfThemIsAboutNone(string lines) => Assert.Null((await RunAsync(lines, 1)).Target);

    [Fact]
    public async Task WhatPassesIsDoneAgainAndSaysSo()
    {
        var end = await RunAsync("""
            #2 [nova-2025_1 apt-archive 1/1] RUN apt-fetch libpq5
            #2 3.1 E: Failed to fetch http://deb.example.org/p.deb  503  Service Unavailable [IP: 192.0.2.1 80]
            #2 ERROR: process "/bin/sh -c apt-fetch libpq5" did not complete successfully: exit code: 100
            """, 1, succeedsAt: 2);
        Assert.True(end.Result.Succeeded);
        Assert.Contains("[nova-2025_1 apt-archive 1/1] RUN apt-fetch libpq5 failed over the network; trying again in "
            + "1 s (1 of 5) ...", _told);
    }

    /// <summary>An engine that was interrupted while it read a layer cannot go on from there.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(0, false)]
    public async Task WhatWasHalfReadIsGivenOnce(int succeedsAt, bool succeeds)
    {
        var end = await RunAsync("""
            #2 [nova-2025_1 wheel 1/2] RUN build-wheel
            #2 ERROR: failed to copy: unsupported offset
            """, 1, succeedsAt);
        Assert.Equal((succeeds, null), (end.Result.Succeeded, end.Target));
        Assert.Single(_told, "given");
    }

    [Fact]
    public async Task ATargetThatTakesTooLongIsNamed()
    {
        var e = await Assert.ThrowsAsync<ProblemException>(() => RunAsync(
            "#2 [nova-2025_1 installed 1/1] RUN install-service", 0, seconds: 60, limit: TimeLimit.Parse("1s", "it")));
        Assert.Equal("nova-2025_1", e.Problems.Single().Subject);
        Assert.StartsWith(
            "nova-2025_1 took longer than --timeout 1s, at last in [nova-2025_1 installed 1/1] RUN install-service",
            e.Message, StringComparison.Ordinal);
    }

    /// <param name="succeedsAt">The run that does not fail any more; 0 for none.</param>
    async Task<BakeEnd> RunAsync(string lines, int exitCode, int succeedsAt = 0, int seconds = 0,
        TimeLimit? limit = null)
    {
        const string Script = """
            echo >>"$0/runs"
            if [ "$(wc -l <"$0/runs")" = "$3" ]; then exit 0; fi
            printf '%s\n' "$1" >&2; sleep "$4"; exit "$2"
            """;
        var command = new Command("sh", "-c", Script, _directory, lines, $"{exitCode}", $"{succeedsAt}", $"{seconds}");
        return await new BakeRun(command, new Dictionary<string, AbsolutePath>
        {
            ["nova-2025_1"] = _directory / "nova" / "build.log",
            ["keystone-2025_1"] = _directory / "keystone" / "build.log",
        }, limit, new Watch(_told.Add), _ =>
        {
            _told.Add("given");
            return Task.CompletedTask;
        }).RunAsync(CancellationToken.None);
    }

    IEnumerable<string> StepsIn(string image) =>
        File.ReadLines(_directory / image / "build.log").Select(x => x.Split(' ')[0]);
}
