using System.Diagnostics;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Tests.Processes;

public class CommandTests
{
    [Fact]
    public async Task ArgumentsReachTheProgramAsTheyAre()
    {
        var result = await new Command("printf", "%s|", "a b", "$(x)", "\"q\"", "").RunAsync();
        Assert.Equal("a b|$(x)|\"q\"||", result.Output.TrimEnd('\n'));
    }

    [Fact]
    public async Task AProgramThatIsNotThereIsNamedWithTheRemedy()
    {
        var e = await Assert.ThrowsAsync<ProblemException>(() => new Command("no-such-program") { Remedy = "Install it" }.RunAsync());
        Assert.Contains("'no-such-program' cannot be started", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Install it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureTellsTheCommandTheCodeAndTheError()
    {
        var e = await Assert.ThrowsAsync<ProblemException>(() => new Command("sh", "-c", "echo bad >&2; exit 3").RequireAsync());
        Assert.Equal("'sh -c 'echo bad >&2; exit 3'' exited with code 3: bad", e.Message);
    }

    [Fact]
    public async Task TheEnvironmentIsLaidOverTheCallers()
    {
        var result = await new Command("sh", "-c", "echo ${PATH:+path} $ADDED") { Environment = new Dictionary<string, string?> { ["ADDED"] = "1" } }.RunAsync();
        Assert.Equal("path 1", result.Text);
    }

    [Fact]
    public async Task ACancelledRunIsKilledWithItsChildren()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Command("sh", "-c", "sleep 60 & wait").RunAsync(cancel.Token));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }
}
