using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

public sealed class RetentionRuleTests
{
    static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("28.0.2-p1-main-a1b2c3d", "branch main", "a1b2c3d")]
    [InlineData("28.0.2-p0-stable-x-p2-main-a1b2c3d-dirty", "branch stable-x-p2-main", "a1b2c3d")]
    [InlineData("2025.2-a1b2c3d", "release 2025.2", "a1b2c3d")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd", "base", "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd")]
    public void ABuildIsKnownByItsTag(string tag, string line, string commit) =>
        Assert.Equal(new BuildTag(tag, line, commit), BuildTag.Parse(tag));

    [Theory]
    [InlineData("2025.2")]
    [InlineData("28.0.2")]
    [InlineData("28.0.2-p1")]
    [InlineData("stable-2025.2")]
    [InlineData("a1b2c3d")]
    [InlineData("latest")]
    [InlineData("3.12-noble")]
    [InlineData("sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void WhatMovesNeverGetsOld(string tag) => Assert.Null(BuildTag.Parse(tag));

    [Fact]
    public void TheOldOnesBeyondTheNewestGo()
    {
        // One build a day for 200 days, the newest first.
        var commits = Enumerable.Range(0, 200)
            .ToDictionary(x => $"{x:x7}{new string('0', 33)}", x => s_now.AddDays(-x));
        var tags = commits.Keys.SelectMany(x => new[] { $"28.0.2-p0-main-{x[..7]}", $"2025.2-{x[..7]}" })
            .Append("2025.2");
        Assert.Equal(2 * 109, new RetentionRule(90, 10, s_now, commits).Expired(tags).Count);
        Assert.Equal(2 * 50, new RetentionRule(90, 150, s_now, commits).Expired(tags).Count);
        Assert.Equal(2 * 190, new RetentionRule(0, 10, s_now, commits).Expired(tags).Count);
    }

    [Fact]
    public void ALineWithoutNewBuildsKeepsItsLastOnes()
    {
        var commits = Enumerable.Range(0, 20)
            .ToDictionary(x => $"{x:x7}{new string('0', 33)}", x => s_now.AddDays(-1000 - x));
        Assert.Equal(10,
            new RetentionRule(90, 10, s_now, commits).Expired(commits.Keys.Select(x => $"2024.1-{x[..7]}")).Count);
    }

    [Fact]
    public void ACommitThatThisCloneDoesNotHaveIsNoReason() => Assert.Empty(new RetentionRule(0, 0, s_now,
        new Dictionary<string, DateTimeOffset>()).Expired(["2025.2-a1b2c3d"]));

    [Fact]
    public void AShortCommitThatMeansTwoIsNoReason()
    {
        var commits = new Dictionary<string, DateTimeOffset>
        {
            [$"a1b2c3d{new string('0', 33)}"] = s_now.AddDays(-500),
            [$"a1b2c3d{new string('1', 33)}"] = s_now,
        };
        Assert.Empty(new RetentionRule(0, 0, s_now, commits).Expired(["2025.2-a1b2c3d"]));
    }
}
