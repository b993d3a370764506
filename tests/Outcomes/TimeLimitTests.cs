using OpenStack.Diagnostics;
using OpenStack.Outcomes;

namespace OpenStack.Tests.Outcomes;

public sealed class TimeLimitTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("1h30m", 5400)]
    [InlineData("2h0m5s", 7205)]
    public void DurationsAreHoursMinutesAndSeconds(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TimeLimit.Parse(text, "--timeout").Time);

    [Theory]
    [InlineData("30")]
    [InlineData("m")]
    [InlineData("0s")]
    [InlineData("5m1h")]
    [InlineData("1.5h")]
    [InlineData("-5m")]
    [InlineData("1h 30m")]
    public void WhatIsNoneIsRefused(string text) => Assert.Equal(
        $"--timeout has the value '{text}'; expected a duration, as in 90s, 30m or 1h30m",
        Assert.Throws<ProblemException>(() => TimeLimit.Parse(text, "--timeout")).Message);
}
