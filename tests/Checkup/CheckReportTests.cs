using System.Text.Json.Nodes;
using OpenStack.Checkup;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Checkup;

public sealed class CheckReportTests
{
    [Fact]
    public async Task EachIsLookedAtForItselfAndNobodyIsWaitedForForever()
    {
        var report = await CheckReport.RunAsync(
        [
            new("one", _ => Task.FromResult(CheckResult.Good("it is there"))),
            new("two", _ => throw new ProblemException("it is broken", "Mend it")),
            new("three", _ => throw new ProblemException("it is broken", "Mend it")) { IsOptional = true },
            new("four", x => Task.Delay(Timeout.Infinite, x).ContinueWith(_ => CheckResult.Good("late"))),
            new("five", _ => Task.FromResult(CheckResult.Unknown("nobody knows"))),
        ], TimeSpan.FromMilliseconds(200));
        Assert.Equal([CheckState.Good, CheckState.Bad, CheckState.Warning, CheckState.Bad, CheckState.Unknown],
            report.Subjects.Select(x => x.State));
        Assert.Equal("1 good, 1 not known, 1 warning, 2 bad", report.Summary);
        Assert.Equal(["two: it is broken. Mend it", "four: no answer within 0 s. Look at the network between here and "
            + "there; a proxy is named in HTTPS_PROXY"], report.Problems.Select(x => $"{x}"));
        var json = JsonNode.Parse(report.ToJson())!.AsArray();
        Assert.Equal(("two", "Bad", "Mend it"), ($"{json[1]!["subject"]}", $"{json[1]!["state"]}",
            $"{json[1]!["remedy"]}"));
        Assert.Equal("it is broken. Mend it", report.Table.Rows[1][2]);
    }

    [Theory]
    [InlineData("HTTPS_PROXY=http://me:secret@proxy.example:3128 no_proxy=localhost", CheckState.Good,
        "HTTPS_PROXY=http://…@proxy.example:3128, no_proxy=localhost")]
    [InlineData("https_proxy=proxy.example", CheckState.Bad, "https_proxy: no url")]
    [InlineData("A=b", CheckState.Good, "none")]
    public void ProxiesAreToldWithoutTheirPasswords(string environment, CheckState state, string found)
    {
        var values = environment.Split(' ').Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => x[1]);
        var result = MachineChecks.Proxies(values.GetValueOrDefault);
        Assert.Equal((state, found), (result.State, result.Found));
    }

    [Theory]
    [InlineData(1, CheckState.Good, "that of x")]
    [InlineData(10, CheckState.Bad, "10 min ahead of that of x")]
    [InlineData(-300, CheckState.Bad, "300 min behind that of x")]
    public void AClockIsComparedWithAnother(int minutes, CheckState state, string found)
    {
        var theirs = DateTimeOffset.UnixEpoch;
        var result = MachineChecks.Clock(theirs.AddMinutes(minutes), theirs, "x");
        Assert.Equal((state, found), (result.State, result.Found));
    }
}
